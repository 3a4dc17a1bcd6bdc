
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from uuid_utils.compat import uuid7
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0007_audit_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(choices=[('email', 'E-mail'), ('slack', 'Slack'), ('teams', 'Microsoft Teams'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu'), ('wecom', 'WeCom'), ('webhook', 'Signed webhook')], max_length=8, verbose_name='way')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('target_sealed', models.BinaryField(null=True)),
                ('target_hint', models.CharField(blank=True, max_length=254)),
                ('secret_sealed', models.BinaryField(null=True)),
                ('occasions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('asked', 'Approval asked for'), ('reminder', 'Approval still missing at half time'), ('decided', 'Approved or rejected'), ('expired', 'Expired'), ('started', 'Backup began'), ('completed', 'Backup completed'), ('failed', 'Backup failed'), ('needs_decision', 'A person must decide'), ('break_glass', 'Glass broken'), ('review_due', 'Review of broken glass overdue'), ('proposal', 'Change of the rules proposed')], max_length=14), size=None, verbose_name='tells of')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('given_up', 'Given up')], default='waiting', max_length=9)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(null=True)),
                ('http_status', models.PositiveSmallIntegerField(null=True)),
                ('failure', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
                ('occasion', models.CharField(blank=True, choices=[('asked', 'Approval asked for'), ('reminder', 'Approval still missing at half time'), ('decided', 'Approved or rejected'), ('expired', 'Expired'), ('started', 'Backup began'), ('completed', 'Backup completed'), ('failed', 'Backup failed'), ('needs_decision', 'A person must decide'), ('break_glass', 'Glass broken'), ('review_due', 'Review of broken glass overdue'), ('proposal', 'Change of the rules proposed')], max_length=14)),
                ('at', models.DateTimeField()),
                ('addressed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('is_break_glass', True), ('reviewed_at', None)), fields=['review_by'], name='backup_review'),
        ),
        migrations.AddField(
            model_name='channel',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channels', to='backups.team'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='channel',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='backups.channel'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='recipient',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notice',
            name='backup',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='backups.backup'),
        ),
        migrations.AddField(
            model_name='notice',
            name='event',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='backups.event'),
        ),
        migrations.AddField(
            model_name='notice',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='backups.team'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='backups.notice'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('service__in', ['email', 'slack', 'teams', 'dingtalk', 'feishu', 'wecom', 'webhook'])), name='channel_service_known'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('occasions__contained_by', ['asked', 'reminder', 'decided', 'expired', 'started', 'completed', 'failed', 'needs_decision', 'break_glass', 'review_due', 'proposal'])), name='channel_occasions_known'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('service', 'email'), ('target_sealed__isnull', False), _connector='OR'), name='channel_has_target'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('service', 'webhook'), _negated=True), ('secret_sealed__isnull', False), _connector='OR'), name='channel_webhook_is_signed'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('team', 'name'), name='channel_name_once'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('addressed_at', None)), fields=['id'], name='notice_to_address'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['channel', 'next_at'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('channel'), models.OrderBy(models.F('id'), descending=True), name='delivery_log'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel', 'address'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'delivered', 'given_up'])), name='delivery_state_known'),
        ),
    ]
