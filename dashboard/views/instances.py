"""The instances, and one instance's page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from backups.contract.statuses import instance_is_available
from backups.models import Instance, Team
from backups.operations import rights
from backups.queries import fleet, history, usual, waiting
from backups.queries.history import HistoryFilters
from dashboard.people import reader


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Every instance that the reader may see, with its newest good backup."""
    user, q, team = reader(request), request.GET.get("q", "").strip(), request.GET.get("team", "")
    context = {
        "section": "instances",
        "rows": fleet.instances(user, q=q, team=team),
        "q": q,
        "team": team,
        "teams": Team.objects.visible_to(user),
        "may_ask": {found.name for found in rights.teams_where(user, "create_backup")},
    }
    return render(request, "instances/list.html", context)


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
        "page": history.page(user, filters=HistoryFilters(instances=(instance.pk,))),
        "running": waiting.running_on(instance),
        "usual": usual.of(instance),
        "may_create": rights.may(user, "create_backup", instance.team),
    }
    return render(request, "instances/detail.html", context)
