"""One backup found twice is one row: a request takes the place of what a sync took for somebody else's."""

from datetime import datetime

from backups.models import Backup, Source, Status
from backups.operations import audit


def make_way(backup: Backup, cloud_id: str, *, at: datetime) -> None:
    """Free `cloud_id` for the request `backup`, within the act that gives it to it.

    A sync leaves alone what may be a call of our own, so there is hardly ever anything to do. Where a row has
    slipped in all the same, it is deleted; one with events, which nobody can delete, ends without the id and
    says what it was.
    """
    slipped_in = (
        Backup.objects.select_for_update(no_key=True)
        .filter(instance=backup.instance_id, cloud_id=cloud_id)
        .exclude(source=Source.HERE)
        .first()
    )
    if slipped_in is None:
        return
    if not slipped_in.events.exists():
        slipped_in.delete()
        return
    origin = slipped_in.status
    Backup.objects.filter(pk=slipped_in.pk).update(
        status=Status.CANCELLED,
        cloud_id=None,
        next_action_at=None,
        missing_since=None,
        alarm="",
        alarm_detail="",
    )
    audit.record(
        "merged",
        team_id=backup.team_id,
        at=at,
        backup=slipped_in,
        from_status=origin,
        data={"into": str(backup.pk), "cloud_id": cloud_id},
    )
