"""The instances, and one instance's page."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backups.contract.statuses import instance_is_available
from backups.models import Instance
from backups.operations import rights
from backups.queries import fleet, history, usual, waiting
from backups.queries.coverage import CursorError
from backups.queries.history import HistoryFilters
from dashboard import live
from dashboard.forms import InstanceForm
from dashboard.people import reader


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
    """One instance: what the last sync saw, what is usual, and its newest backups."""
    user = reader(request)
    visible = Instance.objects.visible_to(user).select_related("team", "project")
    instance = get_object_or_404(visible, pk=pk)
    context = {
        "section": "instances",
        "instance": instance,
        "is_available": instance.gone_at is None and instance_is_available(instance.status),
        "page": history.page(user, filters=HistoryFilters(instance=instance.pk)),
        "running": waiting.running_on(instance),
        "usual": usual.of(instance),
        "may_create": rights.may(user, "create_backup", instance.team),
    }
    return render(request, "instances/detail.html", context)
