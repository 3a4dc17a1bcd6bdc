"""What changed since a page was read: what a live page polls."""

from dataclasses import dataclass

from backups.models import Backup, User
from backups.models.states import MOVING, values
from backups.queries import horizon, prepared
from backups.queries.history import BackupRow, read_rows

LIMIT = 500

# One probe of the index on (team, changed_in) for each of the reader's teams, in the horizon's own snapshot.
CHANGED_TEAMS = f"""
WITH safe AS MATERIALIZED (SELECT ({horizon.OLDEST_RUNNING}) AS until)
SELECT safe.until, ARRAY(
    SELECT seat.team_id FROM backups_membership AS seat
    WHERE seat.user_id = %(user)s AND EXISTS (
        SELECT FROM backups_backup AS backup
        WHERE backup.team_id = seat.team_id
            AND backup.changed_in >= %(seen)s AND backup.changed_in < safe.until
    )
)
FROM safe
"""


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
    now, teams = _changed_teams(user, seen)
    if not teams:
        return None
    changed = Backup.objects.filter(team__in=teams, changed_in__gte=seen, changed_in__lt=now)
    rows = read_rows(changed.order_by("-requested_at", "-id")[:LIMIT])
    return Changes(rows, now, is_moving=anything_moving(user)) if rows else None


def anything_moving(user: User) -> bool:
    """Whether a backup that `user` may see has a next step to take."""
    return Backup.objects.visible_to(user).filter(status__in=values(MOVING)).exists()


def _changed_teams(user: User, seen: int) -> tuple[int, list[int]]:
    """How far may be read, and the teams of `user` (as `visible_to`) with changes since `seen`."""
    with prepared.cursor() as cursor:
        cursor.execute(CHANGED_TEAMS, {"user": user.pk, "seen": seen})
        until, teams = cursor.fetchone()
    return int(until), teams
