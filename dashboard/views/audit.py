"""The audit: who did what, when, from where; and all of it to take along."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backups.queries import audit
from backups.queries.audit import AuditRow
from dashboard import live
from dashboard.forms import AuditForm
from dashboard.people import reader

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

NAMES = (
    *("team", "number", "at", "username", "person", "address", "verb", "what", "detail"),
    *("backup_id", "backup", "instance", "project", "from_status", "to_status", "data", "mac"),
)
"""The columns of an export; the last, with the number, is what the chain is verified by."""


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The events of the reader's teams, newest first; htmx asks for the next page's rows only."""
    user, before = reader(request), request.GET.get("before")
    form = AuditForm(request.GET, by=user)
    try:
        page = audit.page(user, filters=form.filters(), before=before or None)
    except audit.CursorError as error:
        raise BadRequest("before") from error
    context = {"section": "audit", "form": form, "page": page, "filters": live.filters_of(request)}
    if request.htmx and before:  # type: ignore[attr-defined]
        return render(request, "audit/list.html#next-page", context)
    return render(request, "audit/list.html", context | {"heads": audit.heads(user)})


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is filtered, as a table."""
    return _attachment(_lines(_asked(request)), "csv", "text/csv; charset=utf-8")


@require_GET
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is filtered, as a list of objects."""
    return _attachment(_objects(_asked(request)), "json", "application/json")


def _asked(request: HttpRequest) -> Iterator[AuditRow]:
    user = reader(request)
    return audit.every(user, filters=AuditForm(request.GET, by=user).filters())


def _attachment(content: Iterator[str], kind: str, content_type: str) -> StreamingHttpResponse:
    reply = StreamingHttpResponse(content, content_type=content_type)
    name = f"audit-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


class _Line:
    """What csv writes to, to get each line back."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line


def _lines(rows: Iterator[AuditRow]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    # The mark without which spreadsheets take UTF-8 for something else.
    yield "\ufeff" + write(NAMES)
    for row in rows:
        yield write([_cell(value) for value in _told(row)])


def _objects(rows: Iterator[AuditRow]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield separator + json.dumps(dict(zip(NAMES, _told(row), strict=True)), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _cell(value: object) -> object:
    """A cell of a table: what would start a formula is quoted (security.md, row 18)."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(STARTS_A_FORMULA) else text


def _told(row: AuditRow) -> tuple[object, ...]:
    event = row.event
    actor, backup, project = event.actor, event.backup, event.project
    return (
        event.team.name,
        event.number,
        event.at.astimezone(UTC).isoformat(),
        actor.username if actor else "",
        actor.display_name if actor else "Safepoint",
        event.address,
        event.verb,
        row.title,
        row.detail,
        str(backup.pk) if backup else "",
        backup.name if backup else "",
        backup.instance.name if backup else "",
        project.name if project else "",
        event.from_status,
        event.to_status,
        event.data,
        event.mac,
    )
