"""A team's settings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backups.models import Team
from backups.operations import rights, teams
from dashboard.forms import TeamForm
from dashboard.people import reader


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """When a backup of the team is overdue, and whether one is sent again without asking."""
    user = reader(request)
    team = get_object_or_404(Team.objects.visible_to(user), slug=slug)
    right = rights.may(user, "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    form = TeamForm(request.POST if request.method == "POST" else None, initial=TeamForm.initial_of(team))
    if form.is_valid():
        teams.change_settings(team, **form.cleaned_data, by=user, at=timezone.now())
        messages.success(request, _("The settings of %(team)s are saved.") % {"team": team})
        return redirect("team-settings", slug=slug)
    context = {"section": "projects", "team": team, "form": form}
    return render(request, "teams/settings.html", context, status=422 if form.errors else 200)
