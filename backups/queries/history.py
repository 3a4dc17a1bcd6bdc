"""The history as pages read it: rows, in keyset pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from backups.contract import statuses
from backups.models import Alarm, Status, User
from backups.models.backup import BackupQuerySet
from backups.models.states import MOVING
from backups.queries import keyset, prepared, usual, waiting
from backups.queries.keyset import Statement
from backups.queries.naming import APPROVED_BY, DISPLAY_NAME
from backups.queries.selection import HistoryFilters
from backups.queries.sorting import NEWEST_FIRST, Cursor, CursorError, Sort, read_cursor

PAGE_SIZE = 50
NEWER_LIMIT = 100
NEARLY_DONE_PERCENT = 95
TELLING_PERCENT = 5
"""From here on a job's own pace tells how long it takes."""

__all__ = ["BackupRow", "CursorError", "HistoryFilters", "HistoryPage", "newer_than", "page", "read_rows"]


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One line of the history."""

    id: UUID
    name: str
    status: Status
    source: str
    instance_id: UUID
    instance_name: str
    environment: str
    team_id: int
    team_name: str
    requested_at: datetime
    requested_by_id: int | None
    requested_by: str
    approved_by: str
    begin_time: datetime | None
    end_time: datetime | None
    size_mb: float | None
    waits_for: str
    usual_seconds: float | None
    needs_decision: bool
    alarm: str
    raw_status: str
    cloud_name: str
    gone_at: datetime | None
    job_percent: int | None
    error_code: str
    error_message: str
    content_hash: str
    revision: int

    @property
    def started(self) -> datetime:
        """When it began, or was asked for while it has not."""
        return self.begin_time or self.requested_at

    @property
    def took(self) -> timedelta | None:
        """How long it took in the cloud, once it has ended."""
        return self.end_time - self.begin_time if self.begin_time and self.end_time else None

    @property
    def is_moving(self) -> bool:
        """Whether Safepoint has a next step to take."""
        return self.status in MOVING

    @property
    def alarm_label(self) -> str:
        """The alarm in words; empty where there is none."""
        return str(Alarm(self.alarm).label) if self.alarm else ""

    @property
    def unknown_status(self) -> str:
        """The cloud's own word, where it is one that nobody knows."""
        is_unknown = self.status == Status.BUILDING and self.raw_status not in statuses.KNOWN
        is_unknown = is_unknown or self.status == Status.UNKNOWN
        return self.raw_status if is_unknown else ""

    def running_seconds(self, at: datetime) -> float | None:
        """How long it has been building at `at`, or None."""
        if self.status != Status.BUILDING or self.begin_time is None:
            return None
        return max((at - self.begin_time).total_seconds(), 0.0)

    @property
    def progress_percent(self) -> int | None:
        """How far a building backup is: by the cloud's job, else by this instance's past; None if unknown."""
        running = self.running_seconds(timezone.now())
        return None if running is None else percent(running, self.job_percent, self.usual_seconds)

    @property
    def seconds_left(self) -> int | None:
        """What is left, by the job's pace or this instance's past; None if unknown or longer than usual."""
        running = self.running_seconds(timezone.now())
        if running is not None and self.job_percent is not None and self.job_percent >= TELLING_PERCENT:
            return int(running * (100 - self.job_percent) / self.job_percent)
        if running is None or not self.usual_seconds or running >= self.usual_seconds:
            return None
        return int(self.usual_seconds - running)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of rows, the cursor of the next page or None, and the mark behind which rows are newer."""

    rows: list[BackupRow]
    next_before: str | None
    newest: str


def page(
    user: User,
    *,
    filters: HistoryFilters,
    sort: Sort = NEWEST_FIRST,
    before: str | None = None,
    teams: tuple[int, ...] = (),
) -> HistoryPage:
    """Up to 50 backups that `user` may see, in the order of `sort`, after the cursor `before`: one query.

    `teams`: the teams of `user` that `filters` leave, for who knows them: words are found quicker then.
    Raises `CursorError` for a cursor that is not ours.
    """
    newest = str(uuid7())
    after = read_cursor(before, sort) if before else None
    wanted = keyset.found(user, filters=filters, sort=sort, after=after, limit=PAGE_SIZE + 1, teams=teams)
    rows = _read(wanted)
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return HistoryPage(rows, place_of(rows[-1], sort).told(sort) if has_more else None, newest)


def percent(running: float, job_percent: int | None, usual_seconds: float | None) -> int | None:
    """How far a backup is that has run for so long: by the cloud's job, else by what is usual."""
    if job_percent is not None:
        return job_percent
    return min(int(100 * running / usual_seconds), NEARLY_DONE_PERCENT) if usual_seconds else None


class Placed(Protocol):
    """What the history is sorted by."""

    @property
    def id(self) -> UUID: ...
    @property
    def started(self) -> datetime: ...
    @property
    def size_mb(self) -> float | None: ...
    @property
    def took(self) -> timedelta | None: ...


def place_of(row: Placed, sort: Sort) -> Cursor:
    """The place of `row` in the order of `sort`."""
    keys = {"started": row.started, "size": row.size_mb, "took": row.took}
    return Cursor(keys[sort.name.removeprefix("-")], row.id)


def newer_than(user: User, *, filters: HistoryFilters, after: str) -> int:
    """How many backups came in since a page with the mark `after` was read; counts up to 100."""
    try:
        mark = UUID(after)
    except ValueError as error:
        raise CursorError(after) from error
    statement = keyset.came_in(user, filters=filters, after=mark, limit=NEWER_LIMIT)
    return count(statement)


def count_up_to(user: User, *, filters: HistoryFilters, most: int) -> int:
    """How many backups `filters` leave, or `most` where they are that many or more: a bounded query."""
    return count(keyset.some(user, filters=filters, limit=most))


def count(statement: Statement) -> int:
    """How many rows the statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({statement.sql}) AS found", statement.params)
        return int(cursor.fetchone()[0])


def read_rows(found: BackupQuerySet) -> list[BackupRow]:
    """The backups of `found` as rows: two queries, however many there are."""
    ids = list(found.values_list("pk", flat=True))
    return rows_of(ids) if ids else []


def rows_of(ids: Sequence[UUID]) -> list[BackupRow]:
    """The backups with these ids as rows, in the order of `ids`: one query."""
    return _read(Statement(keyset.LISTED, {"ids": list(ids)}, is_walk=True))


def _read(wanted: Statement) -> list[BackupRow]:
    with prepared.cursor() if wanted.is_walk else connection.cursor() as cursor:
        cursor.execute(ROWS.format(wanted=wanted.sql), wanted.params)
        return [BackupRow(*line) for line in cursor.fetchall()]


ROWS = f"""
WITH wanted AS MATERIALIZED ({{wanted}})
SELECT b.id, b.name, b.status, b.source, b.instance_id, instance.name, instance.environment,
       b.team_id, team.name, b.requested_at, b.requested_by_id,
       coalesce({DISPLAY_NAME.format(person="asker")}, ''),
       coalesce(CASE WHEN b.approvals_needed > 0 THEN ({APPROVED_BY}) END, ''),
       b.begin_time, b.end_time, b.size_mb,
       coalesce(CASE WHEN b.status = 'QUEUED' THEN ({waiting.OCCUPIED_BY}) END, ''),
       CASE WHEN b.status = 'BUILDING' THEN ({usual.SECONDS}) END,
       b.needs_decision_at IS NOT NULL AND b.send_again_by_id IS NULL,
       b.alarm, b.raw_status, b.cloud_name, b.gone_at, b.progress_percent,
       b.error_code, b.error_message, b.content_hash, b.revision
FROM wanted
JOIN backups_backup AS b ON b.id = wanted.id
JOIN backups_instance AS instance ON instance.id = b.instance_id
JOIN backups_team AS team ON team.id = b.team_id
LEFT JOIN backups_user AS asker ON asker.id = b.requested_by_id
ORDER BY wanted.place
"""
"""The rows in the order of `wanted`; `BackupRow` names these columns one by one."""
