import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

OF_SERVICES = """
CREATE FUNCTION backups_refuse_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a service account asks for backups, and decides nothing'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION backups_decides_as_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM backups_user WHERE id IN (NEW.person_id, NEW.voice_id) AND is_service) THEN
        RAISE EXCEPTION 'a service account decides nothing' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT FROM backups_backup AS asked
        JOIN backups_user AS requester ON requester.id = asked.requested_by_id AND requester.is_service
        JOIN (
            SELECT team_id, user_id, issued_by_id, created_at, expires_at, revoked_at FROM backups_apitoken
            UNION ALL
            SELECT team_id, user_id, issued_by_id, created_at, expires_at, revoked_at FROM backups_keypair
        ) AS given ON given.team_id = asked.team_id AND given.user_id = asked.requested_by_id
        WHERE asked.id = NEW.backup_id AND given.issued_by_id IN (NEW.person_id, NEW.voice_id)
          AND given.created_at <= asked.requested_at AND given.expires_at > asked.requested_at
          AND (given.revoked_at IS NULL OR given.revoked_at > asked.requested_at)
    ) THEN
        RAISE EXCEPTION 'whoever gave a service account its token counts as who asked'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER backups_decision_of_a_person BEFORE INSERT ON backups_decision
    FOR EACH ROW EXECUTE FUNCTION backups_decides_as_service();

CREATE FUNCTION backups_seat_of_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM backups_user WHERE id = NEW.user_id AND is_service) THEN
        RAISE EXCEPTION 'a service account is a viewer or a requester' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER backups_membership_of_service BEFORE INSERT OR UPDATE ON backups_membership FOR EACH ROW
    WHEN (NOT NEW.roles <@ ARRAY['viewer', 'requester']::varchar[] OR NEW.may_break_glass)
    EXECUTE FUNCTION backups_seat_of_service();

CREATE TRIGGER backups_user_becomes_no_service BEFORE UPDATE OF is_service ON backups_user FOR EACH ROW
    WHEN (OLD.is_service <> NEW.is_service) EXECUTE FUNCTION backups_refuse_service();
"""
"""Whoever writes rows by hand meets the same rule; what an account is stays as it was made."""

NOT_OF_SERVICES = """
DROP TRIGGER backups_user_becomes_no_service ON backups_user;
DROP TRIGGER backups_membership_of_service ON backups_membership;
DROP FUNCTION backups_seat_of_service();
DROP TRIGGER backups_decision_of_a_person ON backups_decision;
DROP FUNCTION backups_decides_as_service();
DROP FUNCTION backups_refuse_service();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0018_instance_by_its_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='is_service',
            field=models.BooleanField(db_default=False, default=False, verbose_name='service account'),
        ),
        migrations.CreateModel(
            name='KeyPair',
            fields=[
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('access_key', models.CharField(max_length=32, unique=True)),
                ('secret_key_sealed', models.BinaryField()),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='backups.team')),
                ('issued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('hint', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read'), ('request', 'Ask for backups, cancel, send again, close'), ('approve', 'Approve and reject'), ('manage', 'Look after projects, members and policies')], max_length=7), size=None)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='backups.team')),
                ('issued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
                ('key_pair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='backups.keypair')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'request', 'approve', 'manage']), ('scopes__len__gt', 0)), name='apitoken_scopes_known')],
            },
        ),
        migrations.RunSQL(OF_SERVICES, NOT_OF_SERVICES),
    ]
