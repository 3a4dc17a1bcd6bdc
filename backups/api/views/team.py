"""The team: its settings, its targets, and who is in it."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.rules import ChangeSerializer
from backups.api.serializers.team import (
    ChangedTeam,
    MemberList,
    MemberSerializer,
    Quota,
    Removal,
    Seat,
    TeamSerializer,
)
from backups.api.views.resource import Resource, read
from backups.api.views.rules import propose
from backups.models import ApiToken, Membership, Proposal, Scope, Team
from backups.operations import audit, targets, teams
from backups.queries import members
from backups.queries import targets as held

Kind = Proposal.Kind
SETTINGS = ("overdue_hours", "resends_automatically")
OTHER = "other"
"""What the target of every other instance is called, which has no environment."""


class OneTeam(Resource):
    """The token's team."""

    scopes: ClassVar = {"GET": Scope.READ, "PATCH": Scope.MANAGE}

    @described("Show the team", reply=TeamSerializer)
    def get(self, request: Request) -> Response:
        """Its settings and its targets."""
        return _told(token_of(request).team)

    @described("Change the team", body=ChangedTeam, reply=TeamSerializer)
    def patch(self, request: Request) -> Response:
        """Settings and targets are changed at once, in a team with four eyes as well: they lend no right."""
        token, asked, now = token_of(request), read(ChangedTeam, request.data), timezone.now()
        with audit.act():
            team = Team.objects.select_for_update(no_key=True).get(pk=token.team_id)
            wanted = {name: asked.get(name, getattr(team, name)) for name in SETTINGS}
            teams.change_settings(team, **wanted, by=token.user, at=now)
            named = {"" if name == OTHER else name: hours for name, hours in asked.get("targets", {}).items()}
            targets.change(team, held.of(team) | named, by=token.user, at=now)
        team.refresh_from_db()
        return _told(team)


class FourEyes(Resource):
    """Whether others have to agree; a policy that asks for it switches it on."""

    scopes: ClassVar = {"DELETE": Scope.MANAGE}

    @described("Switch four eyes off", reply=ChangeSerializer, also=[202], deletes=True)
    def delete(self, request: Request) -> Response:
        """Have backups run without another person's consent: proposed, with 202, to a second admin."""
        return propose(token_of(request), Kind.FOUR_EYES, {})


class BreakGlass(Resource):
    """How often a month a backup may run without approval."""

    scopes: ClassVar = {"PUT": Scope.MANAGE}

    @described("Set the break-glass quota", body=Quota, reply=ChangeSerializer, also=[202])
    def put(self, request: Request) -> Response:
        """In a team with four eyes it is proposed, with 202, and waits for a second admin."""
        return propose(token_of(request), Kind.BREAK_GLASS, dict(read(Quota, request.data)))


class Members(Resource):
    """Who is in the team."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List members", reply=MemberList)
    def get(self, request: Request) -> Response:
        """The members by user name, also those whose account is disabled."""
        return Response(MemberList({"results": members.of(token_of(request).team)}).data)


class OneMember(Resource):
    """One member."""

    scopes: ClassVar = {"GET": Scope.READ, "PUT": Scope.MANAGE, "DELETE": Scope.MANAGE}

    @described("Show a member", reply=MemberSerializer)
    def get(self, request: Request, username: str) -> Response:
        """What a member may do."""
        return Response(MemberSerializer(_member(token_of(request), username)).data)

    @described("Add or change a member", body=Seat, reply=ChangeSerializer, also=[202])
    def put(self, request: Request, username: str) -> Response:
        """In a team with four eyes it is proposed, with 202, and waits for a second admin."""
        return propose(token_of(request), Kind.MEMBER, _change(username, read(Seat, request.data)))

    @described("Remove a member", query=Removal, reply=ChangeSerializer, also=[202], deletes=True)
    def delete(self, request: Request, username: str) -> Response:
        """Take a person out of the team; in one with four eyes that is proposed, with 202."""
        token, asked = token_of(request), read(Removal, request.query_params)
        member = _member(token, username)
        return propose(token, Kind.MEMBER, _change(member.user.username, {"roles": [], **asked}))


def _told(team: Team) -> Response:
    standing = held.of(team)
    hours = {name or OTHER: standing.get(name) for name in targets.ENVIRONMENTS}
    return Response(TeamSerializer({"team": team, "targets": hours}).data)


def _member(token: ApiToken, username: str) -> Membership:
    member = members.of(token.team).filter(user__username=username).first()
    if member is None:
        raise Http404
    return member


def _change(username: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A change as `operations.membership` keeps it; `despite` is in it only where somebody said so."""
    said = {name: value for name, value in asked.items() if name != "despite" or value}
    return {"username": username, **said}
