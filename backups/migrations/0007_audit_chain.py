"""Each team's events become a chain. Events that are there are chained with the keys of this process.

That is needed here and not later: from now on no event is written but at the end of its team's chain.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backups.secrecy.chain import ChainKeys, Head, Link

OPEN_EVENTS = "ALTER TABLE backups_event DISABLE TRIGGER backups_event_append_only;"
CLOSE_EVENTS = "ALTER TABLE backups_event ENABLE TRIGGER backups_event_append_only;"
# What the rows of heads still owe to their teams, before their table is altered.
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"

HEAD_WITH_TEAM = """
CREATE FUNCTION backups_begin_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO backups_audithead (team_id, number, mac, seal_key, seal, exported_number, verified_number,
        verified_mac, damage) VALUES (NEW.id, 0, '', '', '', 0, 0, '', '');
    RETURN NULL;
END $$;
CREATE TRIGGER backups_team_chain AFTER INSERT ON backups_team
    FOR EACH ROW EXECUTE FUNCTION backups_begin_chain();
INSERT INTO backups_audithead (team_id, number, mac, seal_key, seal, exported_number, verified_number,
    verified_mac, damage) SELECT id, 0, '', '', '', 0, 0, '', '' FROM backups_team;
"""
NO_HEAD_WITH_TEAM = """
DROP TRIGGER backups_team_chain ON backups_team;
DROP FUNCTION backups_begin_chain();
"""

HEAD_GOES_ON = """
CREATE FUNCTION backups_refuse_setting_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the end of an audit chain only goes on' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER backups_audithead_goes_on BEFORE UPDATE ON backups_audithead FOR EACH ROW
    WHEN (NEW.team_id <> OLD.team_id OR NEW.number < OLD.number
        OR (NEW.number = OLD.number AND NEW.mac <> OLD.mac))
    EXECUTE FUNCTION backups_refuse_setting_back();
CREATE TRIGGER backups_audithead_kept BEFORE DELETE ON backups_audithead FOR EACH ROW
    WHEN (OLD.number > 0) EXECUTE FUNCTION backups_refuse_setting_back();
"""
NO_HEAD_GOES_ON = """
DROP TRIGGER backups_audithead_kept ON backups_audithead;
DROP TRIGGER backups_audithead_goes_on ON backups_audithead;
DROP FUNCTION backups_refuse_setting_back();
"""


def chain(apps, schema_editor):
    """Number and mark what is there, a team's events in the order in which they were written."""
    Event, AuditHead = apps.get_model("backups", "Event"), apps.get_model("backups", "AuditHead")
    if not Event.objects.exists():
        return
    keys = ChainKeys(settings.CREDENTIAL_KEYS)
    for head in AuditHead.objects.order_by("pk"):
        for event in Event.objects.filter(team=head.pk).order_by("id").iterator(1000):
            event.number = head.number = head.number + 1
            mark = keys.mark(_link(event, head.mac))
            event.mac_key, event.mac = mark.key, mark.mac
            event.save(update_fields=["number", "mac_key", "mac"])
            head.mac = mark.mac
        if head.number:
            seal = keys.mark(Head(head.pk, head.number, head.mac))
            head.seal_key, head.seal = seal.key, seal.mac
            head.save()


def _link(event, previous):
    return Link(
        team=event.team_id,
        number=event.number,
        previous=previous,
        at=event.at,
        actor=event.actor_id,
        verb=event.verb,
        backup=event.backup_id,
        project=event.project_id,
        from_status=event.from_status,
        to_status=event.to_status,
        data=event.data,
    )


class Migration(migrations.Migration):
    """Needs CREDENTIAL_KEYS where there are events already."""

    dependencies = [("backups", "0005_four_eyes_guarantees")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="audit_head",
                        serialize=False,
                        to="backups.team",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("mac", models.CharField(blank=True, max_length=64)),
                ("seal_key", models.CharField(blank=True, max_length=8)),
                ("seal", models.CharField(blank=True, max_length=64)),
                ("exported_number", models.PositiveBigIntegerField(default=0)),
                ("exported_at", models.DateTimeField(null=True)),
                ("verified_number", models.PositiveBigIntegerField(default=0)),
                ("verified_mac", models.CharField(blank=True, max_length=64)),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_whole_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
                ("broken_number", models.PositiveBigIntegerField(null=True)),
                (
                    "damage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("edited", "an event was edited"),
                            ("deleted", "events were deleted"),
                            ("inserted", "an event was inserted"),
                            ("reordered", "events were put in another order"),
                            ("cut_off", "the newest events were cut off"),
                            ("head", "the record of the chain’s end was changed"),
                            ("key_gone", "the key of an event is no longer in CREDENTIAL_KEYS"),
                        ],
                        max_length=9,
                    ),
                ),
            ],
        ),
        migrations.AddField("event", "number", models.PositiveBigIntegerField(null=True)),
        migrations.AddField(
            "event", "mac_key", models.CharField(max_length=8, default=""), preserve_default=False
        ),
        migrations.AddField(
            "event", "mac", models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.RunSQL(HEAD_WITH_TEAM, NO_HEAD_WITH_TEAM),
        migrations.RunSQL(OPEN_EVENTS, CLOSE_EVENTS),
        migrations.RunPython(chain, migrations.RunPython.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSE_EVENTS, OPEN_EVENTS),
        migrations.RunSQL(HEAD_GOES_ON, NO_HEAD_GOES_ON),
        migrations.AlterField("event", "number", models.PositiveBigIntegerField()),
        migrations.AlterField(
            "event",
            "team",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="backups.team",
            ),
        ),
        migrations.RemoveIndex("event", "event_of_team"),
        migrations.AddIndex("event", models.Index(fields=["team", "-at", "-id"], name="event_of_team")),
        migrations.AddIndex("event", models.Index(fields=["-at", "-id"], name="event_by_time")),
        migrations.AddConstraint(
            "event", models.UniqueConstraint(fields=("team", "number"), name="event_once_in_chain")
        ),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="event_number_from_one"),
        ),
    ]
