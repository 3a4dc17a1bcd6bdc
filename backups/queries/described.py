"""Backups with all that a program is told of them, in one query, however many there are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from backups.models import Status, User
from backups.models.states import FINAL
from backups.queries import history, keyset, prepared, usual, waiting
from backups.queries.keyset import Statement
from backups.queries.selection import HistoryFilters
from backups.queries.sorting import NEWEST_FIRST, Sort, read_cursor


@dataclass(frozen=True, slots=True)
class Described:
    """One backup. `given`: the approvals that count. `break_glass` and `calls` as they are told."""

    id: UUID
    instance_id: str
    instance_name: str
    project_id: str
    team: str
    name: str
    description: str
    status: str
    source: str
    revision: int
    requested_by: str | None
    requested_at: datetime
    reason: str
    change_ticket: str
    content_hash: str
    approvals_needed: int
    given: int
    approve_by: datetime | None
    cloud_id: str | None
    begin_time: datetime | None
    end_time: datetime | None
    size_mb: float | None
    job_percent: int | None
    usual_seconds: float | None
    needs_decision_at: datetime | None
    is_asked: bool
    ahead: str | None
    error_code: str
    error_message: str
    error_remedy: str
    alarm_kind: str
    alarm_detail: str
    break_glass: dict[str, Any] | None
    calls: list[dict[str, Any]] | None

    @property
    def started(self) -> datetime:
        """When it began, or was asked for while it has not."""
        return self.begin_time or self.requested_at

    @property
    def took(self) -> timedelta | None:
        """How long it took in the cloud, once it has ended."""
        return self.end_time - self.begin_time if self.begin_time and self.end_time else None

    @property
    def waits_for(self) -> str | None:
        """What it waits for, in words; None where nothing but the cloud."""
        if self.status == Status.AWAITING_APPROVAL:
            told = _("%(given)d of %(needed)d approvals by others.")
            return told % {"given": self.given, "needed": self.approvals_needed}
        if self.is_asked:
            return _("A person must decide whether it is sent again.")
        if self.status == Status.QUEUED:
            ahead = _("“%(name)s”, which runs on the same instance.") % {"name": self.ahead}
            return ahead if self.ahead else self.error_message or _("A worker.")
        return None

    @property
    def progress(self) -> int | None:
        """How far it is, in percent; None where it does not run, or nothing tells."""
        if self.status != Status.BUILDING or self.begin_time is None:
            return None
        running = max((timezone.now() - self.begin_time).total_seconds(), 0.0)
        return history.percent(running, self.job_percent, self.usual_seconds)

    @property
    def error(self) -> dict[str, str] | None:
        """What went wrong, and what to do about it; None where nothing did."""
        if not (self.error_code or self.error_message):
            return None
        return {"code": self.error_code, "message": self.error_message, "remedy": self.error_remedy}

    @property
    def approvals(self) -> dict[str, object]:
        """How many others must agree, how many did, and until when."""
        return {"needed": self.approvals_needed, "given": self.given, "approve_by": self.approve_by}

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """The calls to the cloud, the first one first."""
        return self.calls or []

    @property
    def alarm(self) -> dict[str, str] | None:
        """What a person should look at; None where nothing is."""
        return {"kind": self.alarm_kind, "detail": self.alarm_detail} if self.alarm_kind else None

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.status in FINAL

    @property
    def url(self) -> str:
        """Its page, for a person."""
        return page_of(self.id)


@dataclass(frozen=True, slots=True)
class DescribedPage:
    """A page of backups, and the cursor of the next page or None."""

    rows: list[Described]
    next_before: str | None


def page_of(pk: UUID) -> str:
    """The address of the page on which a person sees the backup `pk`."""
    return f"{settings.SITE_URL}/backups/{pk}/"


def page(
    user: User,
    *,
    filters: HistoryFilters,
    sort: Sort = NEWEST_FIRST,
    before: str | None = None,
    teams: tuple[int, ...] = (),
    size: int = history.PAGE_SIZE,
) -> DescribedPage:
    """Up to `size` backups that `user` may see, as `history.page` gives them: one query.

    Raises `CursorError` for a cursor that is not ours.
    """
    after = read_cursor(before, sort) if before else None
    rows = _read(keyset.found(user, filters=filters, sort=sort, after=after, limit=size + 1, teams=teams))
    has_more = len(rows) > size
    rows = rows[:size]
    return DescribedPage(rows, history.place_of(rows[-1], sort).told(sort) if has_more else None)


def of(ids: list[UUID]) -> list[Described]:
    """The backups with these ids, in their order: one query."""
    return _read(Statement(keyset.LISTED, {"ids": ids}, is_walk=True))


def _read(wanted: Statement) -> list[Described]:
    with prepared.cursor() if wanted.is_walk else connection.cursor() as cursor:
        cursor.execute(DESCRIBED.format(wanted=wanted.sql), wanted.params)
        return [Described(*line) for line in cursor.fetchall()]


AT = "to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
ATTEMPTS = f"""
SELECT json_agg(json_build_object(
    'number', tried.number, 'started_at', {AT.format(column="tried.started_at")},
    'finished_at', {AT.format(column="tried.finished_at")}, 'outcome', tried.outcome,
    'http_status', tried.http_status, 'error_code', tried.error_code, 'error_message', tried.error_message,
    'request_id', tried.request_id
) ORDER BY tried.number)
FROM backups_attempt AS tried WHERE tried.backup_id = b.id
"""
REVIEW = f"""
SELECT json_build_object(
    'review_by', {AT.format(column="b.review_by")}, 'reviewed_at', {AT.format(column="b.reviewed_at")},
    'reviewed_by', (SELECT username FROM backups_user WHERE id = b.reviewed_by_id),
    'comment', b.review_comment
)
"""
GIVEN = """
SELECT count(*) FROM backups_decision AS given
WHERE given.backup_id = b.id AND given.voided_at IS NULL AND given.verdict = 'approved'
"""
DESCRIBED = f"""
WITH wanted AS MATERIALIZED ({{wanted}})
SELECT b.id, instance.cloud_id, instance.name, project.project_id, team.slug, b.name, b.description, b.status,
       b.source, b.revision, asker.username, b.requested_at, b.reason, b.change_ticket, b.content_hash,
       b.approvals_needed, CASE WHEN b.approvals_needed > 0 THEN ({GIVEN}) ELSE 0 END, b.approve_by,
       b.cloud_id, b.begin_time, b.end_time, b.size_mb, b.progress_percent,
       CASE WHEN b.status = 'BUILDING' THEN ({usual.SECONDS}) END,
       b.needs_decision_at, b.needs_decision_at IS NOT NULL AND b.send_again_by_id IS NULL,
       CASE WHEN b.status = 'QUEUED' THEN ({waiting.OCCUPIED_BY}) END,
       b.error_code, b.error_message, b.error_remedy, b.alarm, b.alarm_detail,
       CASE WHEN b.is_break_glass THEN ({REVIEW}) END,
       CASE WHEN b.source = 'here' THEN ({ATTEMPTS}) END
FROM wanted
JOIN backups_backup AS b ON b.id = wanted.id
JOIN backups_instance AS instance ON instance.id = b.instance_id
JOIN backups_project AS project ON project.id = instance.project_id
JOIN backups_team AS team ON team.id = b.team_id
LEFT JOIN backups_user AS asker ON asker.id = b.requested_by_id
ORDER BY wanted.place
"""
"""The backups in the order of `wanted`; `Described` names these columns one by one."""
