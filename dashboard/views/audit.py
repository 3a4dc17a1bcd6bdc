"""The audit: who did what, when, from where; and all of it to take along."""

from datetime import UTC

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from backups.queries import audit
from backups.queries.audit import AuditRow
from dashboard import live
from dashboard.forms import AuditForm
from dashboard.people import reader
from dashboard.views.attachments import attachment

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
    return _exported(request, "csv")


@require_GET
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is filtered, as a list of objects."""
    return _exported(request, "json")


def _exported(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    user = reader(request)
    rows = audit.every(user, filters=AuditForm(request.GET, by=user).filters())
    return attachment("audit", kind, NAMES, (_told(row) for row in rows))


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
