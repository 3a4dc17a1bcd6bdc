"""What changed since a page was read: what a live page polls."""

from dataclasses import dataclass

from backups.models import Backup, Team, User
from backups.models.states import MOVING, values
from backups.queries import horizon
from backups.queries.history import BackupRow, read_rows

LIMIT = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows that changed, newest first; where the next poll goes on; whether anything still moves."""

    rows: list[BackupRow]
    since: int
    is_moving: bool


def since(user: User, *, seen: int) -> Changes | None:
    """What `user` may see and has changed since `seen`, or None when nothing has: one indexed read.

    Rows are told by the transaction that wrote them. Only transactions older than every running one
    are read, and the next poll goes on exactly there: a change that commits late is not missed, and
    none is told twice. Of a burst the 500 newest rows are told.
    """
    now = horizon.now()
    # A plain list of teams lets the index on (team, changed_in) answer.
    teams = list(Team.objects.visible_to(user).values_list("pk", flat=True))
    changed = Backup.objects.filter(team__in=teams, changed_in__gte=seen, changed_in__lt=now)
    rows = read_rows(changed.order_by("-requested_at", "-id")[:LIMIT])
    return Changes(rows, now, is_moving=anything_moving(user)) if rows else None


def anything_moving(user: User) -> bool:
    """Whether a backup that `user` may see has a next step to take."""
    return Backup.objects.visible_to(user).filter(status__in=values(MOVING)).exists()
