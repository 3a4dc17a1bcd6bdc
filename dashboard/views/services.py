"""The service accounts of a team: programs that ask for backups and decide nothing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from backups.models import Team
from backups.operations import rights, services
from backups.operations.refusals import Refused
from backups.queries import access, members
from dashboard.forms import ServiceForm
from dashboard.people import reader


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Each with its roles, how many tokens it has, and when it last came."""
    team = _managed(request, slug)
    context = {
        "section": "projects",
        "team": team,
        "accounts": access.services_of(team, at=timezone.now()),
        "open_proposals": members.open_proposals(team),
    }
    return render(request, "services/list.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one into the team, or have a second admin asked."""
    team = _managed(request, slug)
    form = ServiceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            proposal = services.add(
                team, told["username"], told["roles"], by=reader(request), at=timezone.now()
            )
        except Refused as refused:
            form.tell(refused)
        else:
            return _added(request, team, told["username"], is_asked=proposal is not None)
    context = {"section": "projects", "form": form, "team": team}
    return render(request, "services/form.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, team: Team, name: str, *, is_asked: bool) -> HttpResponse:
    if is_asked:
        told = _("“%(name)s” waits for a second admin: until then it is of no team and can do nothing.")
    else:
        told = _("“%(name)s” is in the team. Make a token or a key pair for it.")
    messages.success(request, told % {"name": name})
    return redirect("team-proposals" if is_asked else "team-services", slug=team.slug)


def _managed(request: HttpRequest, slug: str) -> Team:
    team = get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug)
    right = rights.may(reader(request), "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    return team
