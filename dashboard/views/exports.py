"""The history to take along: exactly what is filtered, in its order."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from backups.queries import exporting, history
from dashboard.forms import FilterForm
from dashboard.people import reader
from dashboard.views.attachments import attachment

COUNTED = 1000


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """As a table."""
    return _exported(request, "csv")


@require_GET
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """As a list of objects."""
    return _exported(request, "json")


def _exported(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    user = reader(request)
    form = FilterForm(request.GET, by=user)
    rows = exporting.every(user, filters=form.filters(), sort=form.order)
    reply = attachment("backups", kind, exporting.COLUMNS, rows)
    # How many there are is told up to a thousand: more is not counted, for that would take as long as this.
    count = history.count_up_to(user, filters=form.filters(), most=COUNTED + 1)
    reply["X-Rows"] = str(count) if count <= COUNTED else f"{COUNTED}+"
    return reply
