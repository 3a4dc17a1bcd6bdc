"""A team's policies: who must agree to which backup; changed as all rules are, by a second admin's leave."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Policy, Proposal, Team
from backups.operations import governance, rights
from backups.operations import policies as rules_of
from backups.operations.refusals import Refused
from backups.queries import policies, rules
from dashboard.forms import PolicyForm
from dashboard.people import reader

Kind = Proposal.Kind


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The policies in force, the one that wins first, in words."""
    team = _team(request, slug)
    dead = {policy.pk for policy in rules_of.unsatisfiable(team)} if team.four_eyes else set()
    context = {
        "section": "projects",
        "team": team,
        "policies": [
            (policy, rules.conditions(policy), rules.demand(policy), policy.pk in dead)
            for policy in policies.in_force(team)
        ],
        "may_manage": rights.may(reader(request), "manage_team", team),
    }
    return render(request, "policies/list.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a policy."""
    return _edit(request, _managed(request, _team(request, slug)))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Replace a policy by another; what is open keeps the one it was asked for under."""
    policy = _find(request, pk)
    return _edit(request, policy.team, policy)


@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a policy out of force."""
    policy = _find(request, pk)
    try:
        proposal = governance.propose(
            policy.team, Kind.RETIRE_POLICY, {"id": str(pk)}, by=reader(request), at=timezone.now()
        )
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("team-policies", slug=policy.team.slug)
    return _told(request, policy.team, proposal)


@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the policy being typed would match now, and who could agree."""
    team = _managed(request, _team(request, slug))
    form = PolicyForm(request.POST, team=team)
    found = rules.preview(team, form.draft(team), at=timezone.now()) if form.is_valid() else None
    return render(request, "policies/form.html#preview", {"preview": found})


def _edit(request: HttpRequest, team: Team, policy: Policy | None = None) -> HttpResponse:
    form = PolicyForm(request.POST if request.method == "POST" else None, team=team, policy=policy)
    if form.is_valid():
        try:
            proposal = governance.propose(
                team, Kind.POLICY, form.change, by=reader(request), at=timezone.now()
            )
        except Refused as refused:
            form.tell(refused)
        else:
            return _told(request, team, proposal)
    shown = policy if not form.is_bound else form.draft(team) if form.is_valid() else None
    context = {
        "section": "projects",
        "form": form,
        "team": team,
        "policy": policy,
        "preview": rules.preview(team, shown, at=timezone.now()) if shown else None,
    }
    return render(request, "policies/form.html", context, status=422 if form.errors else 200)


def _told(request: HttpRequest, team: Team, proposal: Proposal | None) -> HttpResponse:
    if proposal is None:
        messages.success(request, _("The change is in force."))
        return redirect("team-policies", slug=team.slug)
    messages.success(request, _("The change waits for a second admin: until then everything is as it was."))
    return redirect("team-proposals", slug=team.slug)


def _team(request: HttpRequest, slug: str) -> Team:
    return get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug)


def _find(request: HttpRequest, pk: UUID) -> Policy:
    theirs = Policy.objects.filter(team__in=Team.objects.visible_to(reader(request)), retired_at=None)
    policy = get_object_or_404(theirs.select_related("team", "project"), pk=pk)
    _managed(request, policy.team)
    return policy


def _managed(request: HttpRequest, team: Team) -> Team:
    right = rights.may(reader(request), "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    return team
