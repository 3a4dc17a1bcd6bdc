
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import uuid
from uuid_utils.compat import uuid7
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0003_nothing_lost'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ('content_hash', models.CharField(max_length=64)),
                ('verdict', models.CharField(choices=[('approved', 'Approved'), ('rejected', 'Rejected')], max_length=8, verbose_name='decision')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='comment')),
                ('at', models.DateTimeField()),
                ('voided_at', models.DateTimeField(null=True)),
                ('void_reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['starts_at'],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('weight', models.SmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(-1000), django.core.validators.MaxValueValidator(1000)], verbose_name='weight')),
                ('environment', models.CharField(blank=True, choices=[('production', 'Production'), ('staging', 'Staging'), ('development', 'Development')], max_length=11, verbose_name='environment')),
                ('label', models.CharField(blank=True, max_length=63, verbose_name='label')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, default=list, size=None)),
                ('window_from', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('window_until', models.TimeField(blank=True, null=True, verbose_name='until')),
                ('zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                ('approvals', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(5)], verbose_name='approvals')),
                ('approve_by_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(720)], verbose_name='hours to decide')),
                ('run_by_hours', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(720)], verbose_name='hours to begin, once approved')),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-weight', '-approvals', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('policy', 'Policy'), ('retire_policy', 'Policy taken away'), ('member', 'Roles'), ('four_eyes', 'Four eyes switched off'), ('break_glass', 'Break-glass quota')], max_length=13)),
                ('change', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('agreed', 'Agreed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='open', max_length=9)),
                ('decided_at', models.DateTimeField(null=True)),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='comment')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='backup',
            name='backup_never_forgotten',
        ),
        migrations.AddField(
            model_name='backup',
            name='approvals_needed',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='approvals needed'),
        ),
        migrations.AddField(
            model_name='backup',
            name='approve_by',
            field=models.DateTimeField(null=True, verbose_name='approve by'),
        ),
        migrations.AddField(
            model_name='backup',
            name='content_hash',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='backup',
            name='is_break_glass',
            field=models.BooleanField(default=False, verbose_name='break-glass'),
        ),
        migrations.AddField(
            model_name='backup',
            name='policy_name',
            field=models.CharField(blank=True, max_length=100, verbose_name='policy'),
        ),
        migrations.AddField(
            model_name='backup',
            name='review_by',
            field=models.DateTimeField(null=True, verbose_name='review by'),
        ),
        migrations.AddField(
            model_name='backup',
            name='review_comment',
            field=models.CharField(blank=True, max_length=500, verbose_name='review'),
        ),
        migrations.AddField(
            model_name='backup',
            name='reviewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='backup',
            name='reviewed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='backup',
            name='run_by',
            field=models.DateTimeField(null=True, verbose_name='run by'),
        ),
        migrations.AddField(
            model_name='backup',
            name='run_by_hours',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='instance',
            name='labels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, default=list, size=None, verbose_name='labels'),
        ),
        migrations.AddField(
            model_name='membership',
            name='may_break_glass',
            field=models.BooleanField(default=False, verbose_name='may break the glass'),
        ),
        migrations.AddField(
            model_name='team',
            name='break_glass_per_month',
            field=models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='break-glass a month'),
        ),
        migrations.AddField(
            model_name='team',
            name='four_eyes',
            field=models.BooleanField(default=False, verbose_name='four eyes'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('run_by__isnull', False), ('status', 'QUEUED')), fields=['run_by'], name='backup_run_by'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('status', 'AWAITING_APPROVAL')), fields=['team', 'approve_by'], name='backup_awaiting'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('is_break_glass', True)), fields=['team', 'requested_at'], name='backup_break_glass'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['AWAITING_APPROVAL', 'BUILDING', 'DELETING', 'QUEUED', 'SUBMITTING', 'UNCONFIRMED']), _negated=True), ('next_action_at__isnull', False), ('needs_decision_at__isnull', False), _connector='OR'), name='backup_never_forgotten'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.UniqueConstraint(fields=('id', 'requested_by', 'content_hash'), name='backup_as_decided'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'AWAITING_APPROVAL'), _negated=True), models.Q(('approvals_needed__gt', 0), ('approve_by__isnull', False), ('is_break_glass', False)), _connector='OR'), name='backup_awaits_until'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='backup_reviewed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='backup',
            constraint=models.CheckConstraint(condition=models.Q(('is_break_glass', False), models.Q(('review_by__isnull', False), models.Q(('reason', ''), _negated=True), models.Q(('change_ticket', ''), _negated=True)), _connector='OR'), name='backup_break_glass_says_why'),
        ),
        migrations.AddField(
            model_name='decision',
            name='backup',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='backups.backup'),
        ),
        migrations.AddField(
            model_name='decision',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='requester',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='voice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='absent',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='deputy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations', to='backups.team'),
        ),
        migrations.AddField(
            model_name='policy',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='backups.project'),
        ),
        migrations.AddField(
            model_name='policy',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='backups.team'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='decided_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='proposed_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='backups.team'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person', models.F('requester')), _negated=True), models.Q(('voice', models.F('requester')), _negated=True)), name='decision_by_another'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['approved', 'rejected'])), name='decision_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'rejected'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='decision_rejection_says_why'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('backup', 'person'), name='decision_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('backup', 'voice'), name='decision_once_per_voice'),
        ),
        migrations.AddIndex(
            model_name='delegation',
            index=models.Index(fields=['team', 'ends_at'], name='delegation_of_team'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('absent', models.F('deputy')), _negated=True), name='delegation_to_another'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='delegation_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('team', 'name'), name='policy_name_once'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('approvals__lte', 5)), name='policy_approvals_most'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('approve_by_hours__range', (1, 720)), ('run_by_hours__range', (1, 720))), name='policy_clocks'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('environment__in', ['', 'production', 'staging', 'development'])), name='policy_environment_known'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [1, 2, 3, 4, 5, 6, 7])), name='policy_weekdays_known'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('window_from__isnull', True), ('window_until__isnull', True)), models.Q(('window_from__isnull', False), ('window_until__isnull', False)), _connector='OR'), name='policy_window_whole'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['team'], name='proposal_open'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='proposal_expires'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'refused']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposal_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposal_decided_once'),
        ),
    ]
