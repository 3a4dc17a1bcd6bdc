"""The instances, and one instance's page."""

from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backups.contract.statuses import instance_is_available
from backups.models import Instance
from backups.operations import rights
from backups.queries import fleet, history, summaries, usual, waiting
from backups.queries.coverage import CursorError
from backups.queries.history import HistoryFilters
from backups.queries.usual import Run, Usual
from dashboard import charts, live
from dashboard.forms import InstanceForm
from dashboard.people import reader
from dashboard.templatetags import desk


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Every instance that the reader may see, against its target; htmx asks for the next page's rows only."""
    user, before = reader(request), request.GET.get("before")
    form = InstanceForm(request.GET, by=user)
    try:
        page = fleet.instances(user, filters=form.filters(), at=timezone.now(), before=before or None)
    except CursorError as error:
        raise BadRequest("before") from error
    context = {
        "section": "instances",
        "form": form,
        "page": page,
        "filters": live.filters_of(request),
        "may_ask": {found.name for found in rights.teams_where(user, "create_backup")},
    }
    is_next = request.htmx and before  # type: ignore[attr-defined]
    return render(request, "instances/list.html#next-page" if is_next else "instances/list.html", context)


@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One instance: what the last sync saw, its newest backups, and a year of durations and sizes.

    What was out of the usual is marked, in the list and in the pictures.
    """
    user = reader(request)
    visible = Instance.objects.visible_to(user).select_related("team", "project")
    instance = get_object_or_404(visible, pk=pk)
    page = history.page(user, filters=HistoryFilters(instances=(instance.pk,)))
    newest = page.rows[0].requested_at if page.rows else None
    odd = usual.odd_rows(instance, newest=newest, rows=len(page.rows)) if newest else {}
    context = {
        "section": "instances",
        "instance": instance,
        "is_available": instance.gone_at is None and instance_is_available(instance.status),
        "page": page,
        "rows": [(row, odd.get(row.id)) for row in page.rows],
        "running": waiting.running_on(instance),
        "next": waiting.next_in_line(instance),
        "may_create": rights.may(user, "create_backup", instance.team),
    }
    return render(request, "instances/detail.html", context | _year(instance))


def _year(instance: Instance) -> dict[str, Any]:
    """A year of the instance by day, as pictures and as the table behind them."""
    now, past = timezone.now(), usual.of(instance)
    days = summaries.of_instance(instance, since=summaries.year_before(now))
    odd = list(usual.odd(Run(day.seconds, day.size_mb) for day in days))
    return {
        "usual": past,
        "days": list(zip(days, odd, strict=True))[::-1],
        "odd_count": sum(any(each) for each in odd),
        **_pictures(days, odd, past, until=now.astimezone(UTC).date()),
    }


def _pictures(
    days: list[summaries.InstanceDay], odd: list[usual.Odd], past: Usual, *, until: date
) -> dict[str, charts.Chart | None]:
    took = [
        charts.Value(day.day, day.seconds, each.seconds)
        for day, each in zip(days, odd, strict=True)
        if day.seconds is not None
    ]
    weighed = [
        charts.Value(day.day, day.size_mb, each.size_mb)
        for day, each in zip(days, odd, strict=True)
        if day.size_mb is not None
    ]
    middle = (past.seconds_from, past.seconds_to), (past.size_mb_from, past.size_mb_to)
    return {
        "duration": charts.over_time(
            took, until=until, usual=middle[0], steps=charts.SECONDS, tell=desk.duration
        ),
        "size": charts.over_time(
            weighed, until=until, usual=middle[1], steps=charts.MEGABYTES, tell=desk.size
        ),
    }
