"""What the database itself holds of four eyes: whoever writes rows by hand meets the same rule."""

from django.db import migrations

ONE_REQUEST = """
ALTER TABLE backups_decision ADD CONSTRAINT decision_on_what_was_asked
    FOREIGN KEY (backup_id, requester_id, content_hash)
    REFERENCES backups_backup (id, requested_by_id, content_hash)
    DEFERRABLE INITIALLY DEFERRED;
"""
NOT_ONE_REQUEST = "ALTER TABLE backups_decision DROP CONSTRAINT decision_on_what_was_asked;"

SETTLED = """
CREATE FUNCTION backups_refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a request is never edited: make a new one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER backups_backup_settled BEFORE UPDATE ON backups_backup FOR EACH ROW
    WHEN (OLD.source = 'here' AND (
        OLD.team_id, OLD.instance_id, OLD.name, OLD.description, OLD.reason, OLD.change_ticket,
        OLD.requested_by_id, OLD.content_hash, OLD.approvals_needed, OLD.is_break_glass
    ) IS DISTINCT FROM (
        NEW.team_id, NEW.instance_id, NEW.name, NEW.description, NEW.reason, NEW.change_ticket,
        NEW.requested_by_id, NEW.content_hash, NEW.approvals_needed, NEW.is_break_glass
    ))
    EXECUTE FUNCTION backups_refuse_edit();

CREATE FUNCTION backups_refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision may become void, and is never changed or taken away'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER backups_decision_kept BEFORE DELETE ON backups_decision
    FOR EACH ROW EXECUTE FUNCTION backups_refuse_other_words();
CREATE TRIGGER backups_decision_settled BEFORE UPDATE ON backups_decision FOR EACH ROW
    WHEN (OLD.voided_at IS NOT NULL OR (
        OLD.backup_id, OLD.requester_id, OLD.content_hash, OLD.person_id, OLD.voice_id, OLD.verdict, OLD.comment,
        OLD.at
    ) IS DISTINCT FROM (
        NEW.backup_id, NEW.requester_id, NEW.content_hash, NEW.person_id, NEW.voice_id, NEW.verdict, NEW.comment,
        NEW.at
    ))
    EXECUTE FUNCTION backups_refuse_other_words();
CREATE TRIGGER backups_proposal_settled BEFORE UPDATE ON backups_proposal FOR EACH ROW
    WHEN (OLD.state <> 'open' OR (OLD.team_id, OLD.kind, OLD.change, OLD.proposed_by_id)
        IS DISTINCT FROM (NEW.team_id, NEW.kind, NEW.change, NEW.proposed_by_id))
    EXECUTE FUNCTION backups_refuse_edit();
"""
NOT_SETTLED = """
DROP TRIGGER backups_proposal_settled ON backups_proposal;
DROP TRIGGER backups_decision_settled ON backups_decision;
DROP TRIGGER backups_decision_kept ON backups_decision;
DROP FUNCTION backups_refuse_other_words();
DROP TRIGGER backups_backup_settled ON backups_backup;
DROP FUNCTION backups_refuse_edit();
"""

AGREED = """
CREATE FUNCTION backups_require_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM backups_decision
        WHERE backup_id = NEW.id AND verdict = 'approved' AND voided_at IS NULL) < NEW.approvals_needed THEN
        RAISE EXCEPTION 'this backup lacks approvals' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER backups_backup_agreed BEFORE INSERT OR UPDATE OF status ON backups_backup FOR EACH ROW
    WHEN (NEW.approvals_needed > 0 AND NOT NEW.is_break_glass AND NEW.status IN ('QUEUED', 'SUBMITTING'))
    EXECUTE FUNCTION backups_require_approvals();
"""
NOT_AGREED = """
DROP TRIGGER backups_backup_agreed ON backups_backup;
DROP FUNCTION backups_require_approvals();
"""


class Migration(migrations.Migration):
    """Runs after the tables are there."""

    dependencies = [("backups", "0004_four_eyes")]

    operations = [
        migrations.RunSQL(ONE_REQUEST, NOT_ONE_REQUEST),
        migrations.RunSQL(SETTLED, NOT_SETTLED),
        migrations.RunSQL(AGREED, NOT_AGREED),
    ]
