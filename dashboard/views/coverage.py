"""Coverage: every instance against its target, as of any day; to be printed and taken along."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backups.queries import coverage, targets
from backups.queries.coverage import CoveragePage, CoverageRow, TeamSummary
from dashboard import live
from dashboard.forms import CoverageForm
from dashboard.people import reader
from dashboard.views.attachments import attachment

COLUMNS = (
    *("as_of", "team", "project", "instance", "instance_id", "environment", "state", "target_hours"),
    *("age_hours", "begin_time", "end_time", "backup_id", "backup", "source"),
)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """How many stand how, by team, and each instance, the worst first; htmx asks for the next rows only."""
    user, before, now = reader(request), request.GET.get("before"), timezone.now()
    form = CoverageForm(request.GET, by=user)
    try:
        page = coverage.page(user, filters=form.filters(), at=form.at(now), before=before or None)
    except coverage.CursorError as error:
        raise BadRequest("before") from error
    context = _context(request, form) | {"page": page, "is_past": page.at != now and not before}
    if request.htmx and before:  # type: ignore[attr-defined]
        return render(request, "coverage/list.html#next-page", context)
    return render(request, "coverage/list.html", context | {"teams": _teams(page)})


@require_GET
def show_report(request: HttpRequest) -> HttpResponse:
    """All of it on one page, a team after the other, to be printed."""
    user = reader(request)
    form = CoverageForm(request.GET, by=user)
    at = form.at(timezone.now())
    rows = coverage.every(user, filters=form.filters(), at=at, by_team=True)
    page = coverage.page(user, filters=form.filters(), at=at)
    reports = [(team, list(theirs)) for team, theirs in groupby(rows, key=attrgetter("team"))]
    context = _context(request, form) | {"page": page, "reports": reports, "teams": _teams(page)}
    return render(request, "coverage/report.html", context)


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is filtered, as a table."""
    return attachment("coverage", "csv", COLUMNS, _told(request))


@require_GET
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is filtered, as a list of objects."""
    return attachment("coverage", "json", COLUMNS, _told(request))


def _context(request: HttpRequest, form: CoverageForm) -> dict[str, object]:
    return {"section": "coverage", "form": form, "filters": live.filters_of(request)}


def _teams(page: CoveragePage) -> list[tuple[TeamSummary, dict[str, int]]]:
    """Each team with the targets that it had."""
    held = targets.held([row.team for row in page.teams], at=page.at)
    return [(row, held.get(row.team.pk, {})) for row in page.teams]


def _told(request: HttpRequest) -> Iterator[tuple[object, ...]]:
    user = reader(request)
    form = CoverageForm(request.GET, by=user)
    at = form.at(timezone.now())
    return (_line(row, at) for row in coverage.every(user, filters=form.filters(), at=at))


def _line(row: CoverageRow, at: datetime) -> tuple[object, ...]:
    return (
        _utc(at),
        row.team.name,
        row.project_name,
        row.name,
        row.cloud_id,
        row.environment,
        row.state.value,
        row.target_hours,
        "" if row.age_seconds is None else round(row.age_seconds / 3600, 2),
        _utc(row.begin_time),
        _utc(row.end_time),
        str(row.backup_id or ""),
        row.backup_name,
        row.source,
    )


def _utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""
