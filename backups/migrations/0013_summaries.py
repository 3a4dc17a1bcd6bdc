"""Kept daily summaries, the triggers that keep them, and indexes for what the overview asks."""

import django.db.models.deletion
from django.db import migrations, models

OUTCOME = """
CREATE FUNCTION backups_outcome(status text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN status IN ('COMPLETED', 'AVAILABLE', 'DELETING', 'DELETED') THEN 'good'
        WHEN status IN ('FAILED', 'REFUSED', 'VANISHED') THEN 'failed'
        WHEN status IN ('REJECTED', 'EXPIRED', 'CANCELLED') THEN 'other'
    END
$$;
"""
NO_OUTCOME = "DROP FUNCTION backups_outcome(text);"

# A size that is no number (the cloud may say anything) or beyond an exabyte would spoil every sum it enters.
COUNTED = """
    SELECT {sign} AS sign, team_id, instance_id,
        (coalesce(begin_time, requested_at) AT TIME ZONE 'UTC')::date AS day,
        backups_outcome(status) AS outcome,
        extract(epoch FROM end_time - begin_time) AS seconds,
        CASE WHEN size_mb >= 0 AND size_mb < 1e12 THEN size_mb::numeric(24, 6) END AS size_mb
    FROM {rows} WHERE backups_outcome(status) IS NOT NULL
"""
GAINED = COUNTED.format(sign=1, rows="fresh")
LOST = COUNTED.format(sign=-1, rows="gone")

TALLY = """
    WITH changed AS MATERIALIZED ({changed}), of_teams AS (
        INSERT INTO backups_teamtally (team_id, day, outcome, count, is_extra)
        SELECT team_id, day, outcome, sum(sign), EXISTS (
            SELECT FROM backups_teamtally AS other
            WHERE (other.team_id, other.day, other.outcome) = (changed.team_id, changed.day, changed.outcome)
        )
        FROM changed GROUP BY team_id, day, outcome HAVING sum(sign) <> 0
    )
    INSERT INTO backups_instancetally (instance_id, day, count, timed, seconds, sized, size_mb, is_extra)
    SELECT instance_id, day, sum(sign), coalesce(sum(sign) FILTER (WHERE seconds IS NOT NULL), 0),
        coalesce(sum(sign * seconds), 0), coalesce(sum(sign) FILTER (WHERE size_mb IS NOT NULL), 0),
        coalesce(sum(sign * size_mb), 0), EXISTS (
            SELECT FROM backups_instancetally AS other
            WHERE (other.instance_id, other.day) = (changed.instance_id, changed.day)
        )
    FROM changed WHERE outcome = 'good' GROUP BY instance_id, day
    HAVING (sum(sign), coalesce(sum(sign) FILTER (WHERE seconds IS NOT NULL), 0),
        coalesce(sum(sign * seconds), 0), coalesce(sum(sign) FILTER (WHERE size_mb IS NOT NULL), 0),
        coalesce(sum(sign * size_mb), 0)) <> (0, 0, 0, 0, 0);
"""

TRIGGER = """
CREATE FUNCTION backups_tally_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most writes are to a backup that is not over yet, and counts nowhere.
    IF EXISTS ({changed}) THEN
        {tally}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER backups_tally_{event} AFTER {event} ON backups_backup
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION backups_tally_{event}();
"""
NO_TRIGGER = """
DROP TRIGGER backups_tally_{event} ON backups_backup;
DROP FUNCTION backups_tally_{event}();
"""
EVENTS = {
    "insert": ("NEW TABLE AS fresh", GAINED),
    "delete": ("OLD TABLE AS gone", LOST),
    "update": ("OLD TABLE AS gone NEW TABLE AS fresh", f"{LOST} UNION ALL {GAINED}"),
}
TRIGGERS = "".join(
    TRIGGER.format(event=event, tables=tables, changed=changed, tally=TALLY.format(changed=changed))
    for event, (tables, changed) in EVENTS.items()
)
NO_TRIGGERS = "".join(NO_TRIGGER.format(event=event) for event in EVENTS)

# Creating the triggers has locked the table against writers: the history that is there is counted once.
PAST = TALLY.format(changed=COUNTED.format(sign=1, rows="backups_backup"))


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0012_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='InstanceTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('count', models.IntegerField()),
                ('timed', models.IntegerField()),
                ('seconds', models.DecimalField(decimal_places=6, max_digits=24)),
                ('sized', models.IntegerField()),
                ('size_mb', models.DecimalField(decimal_places=6, max_digits=24)),
                ('is_extra', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='TeamTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('outcome', models.CharField(choices=[('good', 'Good'), ('failed', 'Failed'), ('other', 'Not carried out')], max_length=6)),
                ('count', models.IntegerField()),
                ('is_extra', models.BooleanField()),
            ],
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('status__in', ['BUILDING', 'DELETING', 'QUEUED', 'SUBMITTING', 'UNCONFIRMED'])), fields=['team', 'requested_at', 'id'], name='backup_moving'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('status__in', ['FAILED', 'REFUSED', 'VANISHED'])), fields=['team', '-requested_at', '-id'], name='backup_bad'),
        ),
        migrations.AddIndex(
            model_name='backup',
            index=models.Index(condition=models.Q(('needs_decision_at__isnull', False), models.Q(('alarm', ''), _negated=True), _connector='OR'), fields=['team'], name='backup_to_look_at'),
        ),
        migrations.AddField(
            model_name='instancetally',
            name='instance',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='backups.instance'),
        ),
        migrations.AddField(
            model_name='teamtally',
            name='team',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='backups.team'),
        ),
        migrations.AddIndex(
            model_name='instancetally',
            index=models.Index(fields=['instance', 'day'], name='tally_of_instance'),
        ),
        migrations.AddIndex(
            model_name='instancetally',
            index=models.Index(condition=models.Q(('is_extra', True)), fields=['id'], name='tally_of_instance_extra'),
        ),
        migrations.AddIndex(
            model_name='teamtally',
            index=models.Index(fields=['team', 'day', 'outcome'], include=('count',), name='tally_of_team'),
        ),
        migrations.AddIndex(
            model_name='teamtally',
            index=models.Index(condition=models.Q(('is_extra', True)), fields=['id'], name='tally_of_team_extra'),
        ),
        migrations.RunSQL(OUTCOME, NO_OUTCOME),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(PAST, migrations.RunSQL.noop),
    ]
