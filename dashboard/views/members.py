"""Who is in a team, and who may do what; a second admin agrees where the team has four eyes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Membership, Proposal, Team
from backups.operations import governance, policies, rights
from backups.operations.refusals import Refused
from backups.queries import members
from dashboard.forms import MemberForm, QuotaForm, RemovalForm
from dashboard.forms.members import RulesForm, change_of
from dashboard.people import reader

Kind = Proposal.Kind


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of a team, for each of them; what an admin may change."""
    return _list_page(request, _team(request, slug))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a person into the team."""
    team = _managed(request, _team(request, slug))
    form = MemberForm(request.POST if request.method == "POST" else None, team=team)
    done = _propose(request, team, Kind.MEMBER, form, form.change) if form.is_valid() else None
    return done or _form_page(request, form, team)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a member may do."""
    member = _find(request, pk)
    form = MemberForm(request.POST if request.method == "POST" else None, team=member.team, member=member)
    done = _propose(request, member.team, Kind.MEMBER, form, form.change) if form.is_valid() else None
    return done or _form_page(request, form, member.team, member)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member out of the team, once that was said twice."""
    member = _find(request, pk)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        change = change_of(member.user.username, roles=[], despite=form.cleaned_data["despite"])
        if done := _propose(request, member.team, Kind.MEMBER, form, change):
            return done
    return _form_page(request, form, member.team, member, is_removal=True)


@require_POST
def switch_off(request: HttpRequest, slug: str) -> HttpResponse:
    """Let backups run without another person's consent."""
    team = _managed(request, _team(request, slug))
    form = RulesForm(request.POST)
    return _propose(request, team, Kind.FOUR_EYES, form, {}) or _list_page(request, team, four_eyes=form)


@require_POST
def set_quota(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how often a month the glass may be broken."""
    team = _managed(request, _team(request, slug))
    form = QuotaForm(request.POST)
    change = form.cleaned_data if form.is_valid() else {}
    done = _propose(request, team, Kind.BREAK_GLASS, form, change) if change else None
    return done or _list_page(request, team, quota=form)


def _propose(
    request: HttpRequest, team: Team, kind: Kind, form: RulesForm, change: dict[str, Any]
) -> HttpResponse | None:
    """Make the change or have a second admin asked, and say which; None where it was refused."""
    try:
        proposal = governance.propose(team, kind, change, by=reader(request), at=timezone.now())
    except Refused as refused:
        form.tell(refused)
        return None
    if proposal is None:
        messages.success(request, _("The change is in force."))
        # Who took himself out of the team does not see it any more.
        is_there = Team.objects.visible_to(reader(request)).filter(pk=team.pk).exists()
        return redirect("team-members", slug=team.slug) if is_there else redirect("overview")
    messages.success(request, _("The change waits for a second admin: until then everything is as it was."))
    return redirect("team-proposals", slug=team.slug)


def _team(request: HttpRequest, slug: str) -> Team:
    return get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug)


def _find(request: HttpRequest, pk: int) -> Membership:
    member = get_object_or_404(members.visible_to(reader(request)), pk=pk)
    _managed(request, member.team)
    return member


def _managed(request: HttpRequest, team: Team) -> Team:
    right = rights.may(reader(request), "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    return team


def _list_page(
    request: HttpRequest, team: Team, *, quota: RulesForm | None = None, four_eyes: RulesForm | None = None
) -> HttpResponse:
    form = quota or four_eyes
    context = {
        "section": "projects",
        "team": team,
        "members": members.of(team),
        "may_manage": rights.may(reader(request), "manage_team", team),
        "unsatisfiable": policies.unsatisfiable(team) if team.four_eyes else [],
        "open_proposals": members.open_proposals(team),
        "quota": quota or QuotaForm(initial={"count": team.break_glass_per_month}),
        "form": form,
    }
    return render(request, "members/list.html", context, status=422 if form else 200)


def _form_page(
    request: HttpRequest,
    form: RemovalForm,
    team: Team,
    member: Membership | None = None,
    *,
    is_removal: bool = False,
) -> HttpResponse:
    context = {"section": "projects", "form": form, "team": team, "member": member}
    template = "members/remove.html" if is_removal else "members/form.html"
    return render(request, template, context, status=422 if form.errors else 200)
