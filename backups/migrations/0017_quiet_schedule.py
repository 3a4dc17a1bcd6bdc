"""A running backup that is only asked for again later has not changed: no open list needs to hear of it."""

from django.db import migrations

STAMP = """
CREATE OR REPLACE FUNCTION backups_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {quiet}
    -- Readers of "what changed" go by the transaction, since numbers of a sequence commit out of order.
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    NEW.revision := nextval('backups_revision');
    RETURN NEW;
END $$;
"""
QUIET = """
    IF TG_OP = 'UPDATE' AND NEW.status = 'BUILDING' THEN
        OLD.next_action_at := NEW.next_action_at;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("backups", "0016_palette"),
    ]

    operations = [
        migrations.RunSQL(STAMP.format(quiet=QUIET), STAMP.format(quiet="")),
    ]
