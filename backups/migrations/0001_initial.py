
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from uuid_utils.compat import uuid7
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Instance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cloud_id', models.CharField(max_length=36, verbose_name='instance ID')),
                ('name', models.CharField(max_length=128, verbose_name='name')),
                ('environment', models.CharField(blank=True, choices=[('production', 'Production'), ('staging', 'Staging'), ('development', 'Development')], max_length=11, verbose_name='environment')),
                ('status', models.CharField(blank=True, max_length=64, verbose_name='status')),
                ('engine', models.CharField(blank=True, max_length=64, verbose_name='engine')),
                ('engine_version', models.CharField(blank=True, max_length=64, verbose_name='version')),
                ('volume_gb', models.FloatField(null=True, verbose_name='volume')),
                ('seen_at', models.DateTimeField()),
                ('gone_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('region', models.CharField(max_length=64, verbose_name='region')),
                ('endpoint', models.CharField(max_length=255, verbose_name='endpoint')),
                ('iam_endpoint', models.CharField(blank=True, max_length=255, verbose_name='IAM endpoint')),
                ('api', models.CharField(choices=[('mysql/v3', '/mysql/v3'), ('v3', '/v3')], default='mysql/v3', max_length=10, verbose_name='API path')),
                ('project_id', models.CharField(max_length=32, verbose_name='project ID')),
                ('allows_chinese_names', models.BooleanField(default=False, verbose_name='Chinese backup names')),
                ('created_at', models.DateTimeField()),
                ('synced_at', models.DateTimeField(null=True)),
                ('sync_error', models.TextField(blank=True)),
                ('next_sync_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('time_zone', models.CharField(blank=True, max_length=64, verbose_name='time zone')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=256, verbose_name='description')),
                ('source', models.CharField(choices=[('here', 'Safepoint'), ('elsewhere', 'Made elsewhere'), ('automatic', 'Automatic policy')], default='here', max_length=9, verbose_name='source')),
                ('status', models.CharField(choices=[('AWAITING_APPROVAL', 'Awaiting approval'), ('QUEUED', 'Queued'), ('SUBMITTING', 'Submitting'), ('UNCONFIRMED', 'Unconfirmed'), ('BUILDING', 'Building'), ('COMPLETED', 'Completed'), ('AVAILABLE', 'Available'), ('FAILED', 'Failed'), ('REFUSED', 'Refused'), ('REJECTED', 'Rejected'), ('EXPIRED', 'Expired'), ('CANCELLED', 'Cancelled'), ('VANISHED', 'Vanished'), ('DELETING', 'Deleting'), ('DELETED', 'Deleted')], max_length=17, verbose_name='status')),
                ('revision', models.BigIntegerField(default=0, editable=False)),
                ('changed_in', models.BigIntegerField(default=0, editable=False)),
                ('requested_at', models.DateTimeField(verbose_name='requested')),
                ('client_token', models.UUIDField(editable=False, null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('change_ticket', models.CharField(blank=True, max_length=64, verbose_name='change ticket')),
                ('cloud_id', models.CharField(max_length=36, null=True, verbose_name='backup ID')),
                ('job_id', models.CharField(blank=True, max_length=64, verbose_name='job ID')),
                ('begin_time', models.DateTimeField(null=True, verbose_name='started')),
                ('end_time', models.DateTimeField(null=True, verbose_name='finished')),
                ('size_mb', models.FloatField(null=True, verbose_name='size')),
                ('raw_status', models.CharField(blank=True, max_length=64, verbose_name='status in the cloud')),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('next_action_at', models.DateTimeField(null=True)),
                ('looks', models.PositiveSmallIntegerField(default=0)),
                ('unconfirmed_since', models.DateTimeField(null=True)),
                ('needs_decision_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=64, verbose_name='error code')),
                ('error_message', models.TextField(blank=True, verbose_name='error')),
                ('error_remedy', models.TextField(blank=True, verbose_name='remedy')),
                ('requested_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='backups', to=settings.AUTH_USER_MODEL)),
                ('instance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='backups', to='backups.instance')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('viewer', 'Viewer'), ('requester', 'Requester'), ('approver', 'Approver'), ('admin', 'Admin')], max_length=10), size=None)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='instance',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instances', to='backups.project'),
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='short name')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('members', models.ManyToManyField(related_name='teams', through='backups.Membership', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='backups.team'),
        ),
        migrations.AddField(
            model_name='membership',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='backups.team'),
        ),
        migrations.AddField(
            model_name='instance',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instances', to='backups.team'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=64)),
                ('from_status', models.CharField(blank=True, max_length=17)),
                ('to_status', models.CharField(blank=True, max_length=17)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('backup', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='backups.backup')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='backups.project')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='backups.team')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='backup',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='backups', to='backups.team'),
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('worker', models.CharField(max_length=128)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(choices=[('in_flight', 'In flight'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('later', 'Told to come later'), ('not_sent', 'Not sent'), ('ambiguous', 'No clear answer'), ('sign_in_failed', 'Sign-in failed'), ('lost', 'Worker lost')], default='in_flight', max_length=14)),
                ('http_status', models.PositiveSmallIntegerField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=64)),
                ('error_message', models.TextField(blank=True)),
                ('request_id', models.CharField(blank=True, max_length=128)),
                ('request', models.JSONField(default=dict)),
                ('reply', models.TextField(blank=True)),
                ('backup', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='backups.backup')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('backup', 'number'), name='attempt_once_per_fence'), models.CheckConstraint(condition=models.Q(('outcome__in', ['in_flight', 'accepted', 'refused', 'later', 'not_sent', 'ambiguous', 'sign_in_failed', 'lost'])), name='attempt_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('outcome', 'in_flight')), models.Q(models.Q(('outcome', 'in_flight'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='attempt_finished_has_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('aksk', 'Access key (AK/SK)'), ('token', 'IAM user (token)')], max_length=5, verbose_name='sign-in')),
                ('access_key_hint', models.CharField(blank=True, max_length=4)),
                ('access_key_sealed', models.BinaryField(null=True)),
                ('secret_key_sealed', models.BinaryField(null=True)),
                ('security_token_sealed', models.BinaryField(null=True)),
                ('domain', models.CharField(blank=True, max_length=64, verbose_name='domain (account)')),
                ('username', models.CharField(blank=True, max_length=64, verbose_name='IAM user')),
                ('password_sealed', models.BinaryField(null=True)),
                ('token_sealed', models.BinaryField(null=True)),
                ('token_expires_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('failure', models.TextField(blank=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='credential', to='backups.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('access_key_sealed__isnull', False), ('kind', 'aksk'), ('password_sealed__isnull', True), ('secret_key_sealed__isnull', False)), models.Q(('kind', 'token'), ('password_sealed__isnull', False), ('secret_key_sealed__isnull', True), models.Q(('username', ''), _negated=True), models.Q(('domain', ''), _negated=True)), _connector='OR'), name='credential_complete')],
            },
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('team', 'name'), name='project_name_once_per_team'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('team', 'endpoint', 'project_id'), name='project_once_per_team'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('id', 'team'), name='project_with_team'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('project_id__regex', '^[A-Za-z0-9]{32}$')), name='project_id_form'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('api__in', ['mysql/v3', 'v3'])), name='project_api_known'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('team', 'user'), name='membership_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('roles__contained_by', ['viewer', 'requester', 'approver', 'admin']), ('roles__len__gt', 0)), name='membership_roles_known'),
        ),
        migrations.AddIndex(
            model_name='instance',
            index=models.Index(fields=['team', 'name'], name='instance_by_team'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.UniqueConstraint(fields=('project', 'cloud_id'), name='instance_once'),
        ),
        migrations.AddConstraint(
            model_name='instance',
            constraint=models.UniqueConstraint(fields=('id', 'team'), name='instance_with_team'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['backup', 'id'], name='event_of_backup'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['team', '-id'], name='event_of_team'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(fields=['team', '-requested_at', '-id'], name='backup_history'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(fields=['instance', '-requested_at', '-id'], name='backup_of_instance'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(fields=['team', 'changed_in'], name='backup_changes'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('next_action_at__isnull', False)), fields=['next_action_at'], name='backup_due'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['AWAITING_APPROVAL', 'QUEUED', 'SUBMITTING', 'UNCONFIRMED', 'BUILDING', 'COMPLETED', 'AVAILABLE', 'FAILED', 'REFUSED', 'REJECTED', 'EXPIRED', 'CANCELLED', 'VANISHED', 'DELETING', 'DELETED'])), name='backup_status_known'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['here', 'elsewhere', 'automatic'])), name='backup_source_known'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'here'), _negated=True), ('name__regex', '^[A-Za-z\\u4e00-\\u9fff][A-Za-z0-9_\\u4e00-\\u9fff-]{3,63}$'), _connector='OR'), name='backup_name_form'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'here'), _negated=True), models.Q(('description__regex', '[>!<\\"&\'=\\u0001-\\u001f\\u007f]'), _negated=True), _connector='OR'), name='backup_description_form'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'here'), _negated=True), models.Q(('client_token__isnull', False), ('requested_by__isnull', False)), _connector='OR'), name='backup_asked_by_a_person'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.UniqueConstraint(fields=('requested_by', 'client_token', 'instance'), name='backup_once_per_token'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'here'), ('status__in', ['AVAILABLE', 'AWAITING_APPROVAL', 'BUILDING', 'COMPLETED', 'DELETING', 'QUEUED', 'SUBMITTING', 'UNCONFIRMED'])), fields=('instance', 'name'), name='backup_live_name_once'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'here'), ('status__in', ['BUILDING', 'SUBMITTING', 'UNCONFIRMED'])), fields=('instance',), name='backup_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.UniqueConstraint(fields=('instance', 'cloud_id'), name='backup_found_once'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['AVAILABLE', 'BUILDING', 'COMPLETED', 'DELETED', 'DELETING']), _negated=True), ('cloud_id__isnull', False), _connector='OR'), name='backup_in_cloud_has_id'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('source', 'here'), ('cloud_id__isnull', False), _connector='OR'), name='backup_found_has_id'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('status', 'SUBMITTING')), models.Q(models.Q(('status', 'SUBMITTING'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='backup_lease_while_submitting'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['BUILDING', 'DELETING', 'QUEUED', 'SUBMITTING', 'UNCONFIRMED']), _negated=True), ('next_action_at__isnull', False), ('needs_decision_at__isnull', False), _connector='OR'), name='backup_never_forgotten'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('end_time__isnull', True), ('begin_time__isnull', True), ('end_time__gte', models.F('begin_time')), _connector='OR'), name='backup_ends_after_it_begins'),
        ),
    ]
