"""The history as pages read it: ready rows, in keyset pages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from backups.contract import statuses
from backups.models import Alarm, Backup, Status, User
from backups.models.backup import BackupQuerySet
from backups.models.states import MOVING
from backups.queries import horizon, usual, waiting

PAGE_SIZE = 50
NEWER_LIMIT = 100
NEARLY_DONE_PERCENT = 95
TELLING_PERCENT = 5
"""From here on a job's own pace tells how long it takes."""


class CursorError(ValueError):
    """A page cursor that this module did not make."""


@dataclass(frozen=True, slots=True)
class HistoryFilters:
    """Which part of the history is wanted; empty means all."""

    status: str = ""
    team: str = ""
    instance: UUID | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One line of the history, ready to be shown. `key` is its place in the order."""

    id: UUID
    name: str
    status: Status
    source: str
    instance_id: UUID
    instance_name: str
    environment: str
    team_name: str
    requested_at: datetime
    requested_by: str
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
    revision: int

    @property
    def key(self) -> str:
        """The cursor that continues after this row."""
        return f"{self.requested_at.isoformat()}_{self.id}"

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
        if running is not None and self.job_percent is not None:
            return self.job_percent
        if running is None or not self.usual_seconds:
            return None
        return min(int(100 * running / self.usual_seconds), NEARLY_DONE_PERCENT)

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
    """A page of rows, the cursor of the next page or None, and from when on changes are still unseen."""

    rows: list[BackupRow]
    next_before: str | None
    since: int


def page(user: User, *, filters: HistoryFilters, before: str | None = None) -> HistoryPage:
    """Up to 50 backups that `user` may see, newest first, after the cursor `before`.

    Raises `CursorError` for a cursor that is not ours.
    """
    since = horizon.now()
    found = _filtered(user, filters)
    if before:
        found = found.filter(_after(before))
    rows = read_rows(found.order_by("-requested_at", "-id")[: PAGE_SIZE + 1])
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return HistoryPage(rows, rows[-1].key if has_more else None, since)


def newer_than(user: User, *, filters: HistoryFilters, after: str) -> int:
    """How many backups came in after the row of cursor `after`; counts up to 100."""
    requested_at, pk = _read_cursor(after)
    newer = Q(requested_at__gt=requested_at) | Q(requested_at=requested_at, id__gt=pk)
    return _filtered(user, filters).filter(newer)[:NEWER_LIMIT].count()


def _filtered(user: User, filters: HistoryFilters) -> BackupQuerySet:
    found = Backup.objects.visible_to(user)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.team:
        found = found.filter(team__slug=filters.team)
    if filters.instance:
        found = found.filter(instance=filters.instance)
    if filters.q:
        found = found.filter(Q(name__icontains=filters.q) | Q(description__icontains=filters.q))
    return found


def _after(cursor: str) -> Q:
    requested_at, pk = _read_cursor(cursor)
    return Q(requested_at__lt=requested_at) | Q(requested_at=requested_at, id__lt=pk)


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    moment, _, pk = cursor.partition("_")
    try:
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None:
            raise ValueError("no offset")
        return parsed, UUID(pk)
    except ValueError as error:
        raise CursorError(cursor) from error


def read_rows(found: BackupQuerySet) -> list[BackupRow]:
    """The backups of `found` as rows: three queries, however many there are."""
    backups = list(found.select_related("instance", "team", "requested_by"))
    waits = waiting.occupied_by([b.instance_id for b in backups if b.status == Status.QUEUED])
    past = usual.by_instance([b.instance_id for b in backups if b.status == Status.BUILDING])
    return [_row(backup, waits, past) for backup in backups]


def _row(backup: Backup, waits: dict[UUID, str], past: dict[UUID, usual.Usual]) -> BackupRow:
    queued = backup.status == Status.QUEUED
    return BackupRow(
        id=backup.pk,
        name=backup.name,
        status=Status(backup.status),
        source=backup.source,
        instance_id=backup.instance_id,
        instance_name=backup.instance.name,
        environment=backup.instance.environment,
        team_name=backup.team.name,
        requested_at=backup.requested_at,
        requested_by=backup.requested_by.display_name if backup.requested_by else "",
        begin_time=backup.begin_time,
        end_time=backup.end_time,
        size_mb=backup.size_mb,
        waits_for=waits.get(backup.instance_id, "") if queued else "",
        usual_seconds=past[backup.instance_id].seconds if backup.instance_id in past else None,
        needs_decision=backup.needs_decision_at is not None and backup.send_again_by_id is None,
        alarm=backup.alarm,
        raw_status=backup.raw_status,
        cloud_name=backup.cloud_name,
        gone_at=backup.gone_at,
        job_percent=backup.progress_percent,
        error_code=backup.error_code,
        error_message=backup.error_message,
        revision=backup.revision,
    )
