"""What a person should look at: sounded once, until somebody has seen it."""

from collections.abc import Sequence
from datetime import datetime

from backups.models import Alarm, Backup, User
from backups.operations import audit, rights


@audit.act
def sound(backup: Backup, alarm: Alarm, details: Sequence[str], *, at: datetime) -> None:
    """Show `alarm` on the backup, with an event; nothing happens where it shows already."""
    detail = " ".join(details)
    changed = Backup.objects.filter(pk=backup.pk).exclude(alarm=alarm, alarm_detail=detail)
    if changed.update(alarm=alarm, alarm_detail=detail):
        backup.alarm, backup.alarm_detail = alarm, detail
        _record(backup, f"alarm_{alarm}", at=at, by=None)


@audit.act
def acknowledge(backup: Backup, *, by: User, at: datetime) -> None:
    """A person has seen the alarm of `backup`; raises `rights.RightError`."""
    rights.require(by, "settle", backup.team)
    if Backup.objects.filter(pk=backup.pk).exclude(alarm="").update(alarm="", alarm_detail=""):
        _record(backup, "alarm_seen", at=at, by=by)


def _record(backup: Backup, verb: str, *, at: datetime, by: User | None) -> None:
    data = {"alarm": backup.alarm, "detail": backup.alarm_detail}
    audit.record(verb, team_id=backup.team_id, at=at, by=by, backup=backup, data=data)
