"""The one function that changes a status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backups.models import Backup, Project, Status, User
from backups.models.states import ARROWS, OPEN
from backups.operations import audit


class ArrowError(Exception):
    """There is no such arrow in the table of states: a mistake in the program."""


class StaleError(Exception):
    """Somebody else moved the row first; nothing was written."""


def move(
    backup: Backup,
    to: Status,
    *,
    verb: str,
    at: datetime,
    by: User | None = None,
    project: Project | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move `backup` along an arrow, with its event, in one transaction; it is refreshed in place.

    1. The arrow must be in `ARROWS`, else `ArrowError`.
    2. Compare and swap: the row must still have the status and the fence that `backup` was read with,
       else `StaleError`.
    3. `changes` are other columns written along. Leaving SUBMITTING gives up the lease; reaching an
       end takes the row off the reconciler's list.
    The database raises the row's revision.
    """
    origin = Status(backup.status)
    _require_arrow(origin, to)
    changes = {"lease_until": None, "status": to, **changes}
    if to not in OPEN:
        changes.update(next_action_at=None, needs_decision_at=None)
    with audit.act():
        unmoved = Backup.objects.filter(pk=backup.pk, status=origin, fence=backup.fence)
        if not unmoved.update(**changes):
            raise StaleError(f"{backup.pk} is no longer {origin}")
        audit.record(
            verb,
            team_id=backup.team_id,
            at=at,
            by=by,
            backup=backup,
            project=project,
            from_status=origin,
            to_status=to,
            data=data,
        )
    for field, value in changes.items():
        setattr(backup, field, value)


def move_all(
    backups: Sequence[Backup], to: Status, *, verb: str, at: datetime, project: Project, **changes: Any
) -> None:
    """Move many backups of `project` that have ended, as `move` does one; those that others have moved stay.

    `changes` may be expressions; the backups are not refreshed.
    """
    for backup in backups:
        _require_arrow(Status(backup.status), to)
    with audit.act():
        read = {backup.pk: backup for backup in backups}
        locked = Backup.objects.select_for_update(no_key=True).filter(pk__in=read).order_by("pk")
        unmoved = [read[pk] for pk, status in locked.values_list("pk", "status") if status == read[pk].status]
        Backup.objects.filter(pk__in=[backup.pk for backup in unmoved]).update(status=to, **changes)
        for backup in unmoved:
            audit.record(
                verb,
                team_id=backup.team_id,
                at=at,
                backup=backup,
                project=project,
                from_status=backup.status,
                to_status=to,
            )


def _require_arrow(origin: Status, to: Status) -> None:
    if to not in ARROWS.get(origin, frozenset()):
        raise ArrowError(f"{origin} -> {to}")


def record_request(backup: Backup, *, at: datetime, by: User | None) -> None:
    """Write the event with which a backup's life begins."""
    audit.record(
        "requested",
        team_id=backup.team_id,
        at=at,
        by=by,
        backup=backup,
        to_status=backup.status,
        data={"name": backup.name, "instance": backup.instance.cloud_id},
    )
