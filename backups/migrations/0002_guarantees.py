"""What only the database can promise: revisions, one team per row, and an audit that nobody edits."""

from django.db import migrations

REVISION = """
CREATE SEQUENCE backups_revision;
CREATE FUNCTION backups_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Readers of "what changed" go by the transaction, since numbers of a sequence commit out of order.
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    NEW.revision := nextval('backups_revision');
    RETURN NEW;
END $$;
CREATE TRIGGER backups_stamp BEFORE INSERT OR UPDATE ON backups_backup
    FOR EACH ROW EXECUTE FUNCTION backups_stamp();
"""
NO_REVISION = """
DROP TRIGGER backups_stamp ON backups_backup;
DROP FUNCTION backups_stamp();
DROP SEQUENCE backups_revision;
"""

ONE_TEAM = """
ALTER TABLE backups_instance ADD CONSTRAINT instance_in_team_of_project
    FOREIGN KEY (project_id, team_id) REFERENCES backups_project (id, team_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE backups_backup ADD CONSTRAINT backup_in_team_of_instance
    FOREIGN KEY (instance_id, team_id) REFERENCES backups_instance (id, team_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
NOT_ONE_TEAM = """
ALTER TABLE backups_backup DROP CONSTRAINT backup_in_team_of_instance;
ALTER TABLE backups_instance DROP CONSTRAINT instance_in_team_of_project;
"""

APPEND_ONLY = """
CREATE FUNCTION backups_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER backups_event_append_only BEFORE UPDATE OR DELETE ON backups_event
    FOR EACH ROW EXECUTE FUNCTION backups_refuse_change();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER backups_event_append_only ON backups_event;
DROP FUNCTION backups_refuse_change();
"""


class Migration(migrations.Migration):
    """Runs after the tables are there."""

    dependencies = [("backups", "0001_initial")]

    operations = [
        migrations.RunSQL(REVISION, NO_REVISION),
        migrations.RunSQL(ONE_TEAM, NOT_ONE_TEAM),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
