"""Changes of the rules before a second admin: read first, then agreed to, refused or taken back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backups.models import Proposal, Team
from backups.operations import governance, rights
from backups.operations.refusals import Refused
from backups.queries import proposals
from dashboard.people import reader


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a second admin, and what became of the last ones."""
    team = get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug)
    return _list_page(request, team)


@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the change be made."""
    return _settle(request, pk, governance.agree, _("The change is in force."))


@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say no, and why."""

    def say_no(proposal: Proposal, **told: object) -> None:
        governance.refuse(proposal, comment=request.POST.get("comment", ""), **told)  # type: ignore[arg-type]

    return _settle(request, pk, say_no, _("The change is refused: everything stays as it is."))


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    return _settle(request, pk, governance.withdraw, _("The proposal is taken back."))


def _settle(request: HttpRequest, pk: UUID, operation: Callable[..., None], done: str) -> HttpResponse:
    proposal = get_object_or_404(proposals.visible_to(reader(request)), pk=pk)
    _require_admin(request, proposal.team)
    try:
        operation(proposal, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _list_page(request, proposal.team, refused=refused, of=pk)
    messages.success(request, done)
    return redirect("team-proposals", slug=proposal.team.slug)


def _require_admin(request: HttpRequest, team: Team) -> None:
    right = rights.may(reader(request), "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)


def _list_page(
    request: HttpRequest, team: Team, *, refused: Refused | None = None, of: UUID | None = None
) -> HttpResponse:
    _require_admin(request, team)
    context = {
        "section": "projects",
        "team": team,
        "open": proposals.open_of(team),
        "settled": proposals.settled_of(team),
        "refused": refused,
        "refused_of": of,
        "typed": request.POST.get("comment", ""),
    }
    return render(request, "proposals/list.html", context, status=422 if refused else 200)
