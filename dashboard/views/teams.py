"""A team's settings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backups.models import Team
from backups.operations import rights, targets, teams
from backups.queries import targets as held
from dashboard.forms import TargetsForm, TeamForm
from dashboard.people import reader


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """When a backup of the team is overdue, whether one is sent again without asking, and the RPO targets."""
    team = _team(request, slug)
    form = TeamForm(request.POST if request.method == "POST" else None, initial=TeamForm.initial_of(team))
    if form.is_valid():
        teams.change_settings(team, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The settings of %(team)s are saved.") % {"team": team})
        return redirect("team-settings", slug=slug)
    return _page(request, team, form=form)


@require_POST
def set_targets(request: HttpRequest, slug: str) -> HttpResponse:
    """How old the data of the newest good backup may be, by environment."""
    team = _team(request, slug)
    form = TargetsForm(request.POST)
    if form.is_valid():
        try:
            targets.change(team, form.wanted, by=reader(request), at=timezone.now())
        except targets.TargetRefused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("The targets of %(team)s are saved.") % {"team": team})
            return redirect("team-settings", slug=slug)
    return _page(request, team, targets_form=form)


def _team(request: HttpRequest, slug: str) -> Team:
    user = reader(request)
    team = get_object_or_404(Team.objects.visible_to(user), slug=slug)
    right = rights.may(user, "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    return team


def _page(
    request: HttpRequest, team: Team, *, form: TeamForm | None = None, targets_form: TargetsForm | None = None
) -> HttpResponse:
    form = form or TeamForm(initial=TeamForm.initial_of(team))
    targets_form = targets_form or TargetsForm(initial=TargetsForm.initial_of(held.of(team)))
    context = {"section": "projects", "team": team, "form": form, "targets_form": targets_form}
    status = 422 if form.errors or targets_form.errors else 200
    return render(request, "teams/settings.html", context, status=status)
