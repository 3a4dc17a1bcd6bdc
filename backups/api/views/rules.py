"""Decisions, policies and the changes of them, events, and who calls."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.backups import BackupList, BackupSerializer, Nothing, Reason
from backups.api.serializers.rules import (
    ChangeSerializer,
    DecisionFilters,
    DecisionPage,
    EventFilters,
    EventPage,
    MeSerializer,
    NewPolicy,
    PolicyList,
    PolicySerializer,
    ProposalList,
    ProposalSerializer,
)
from backups.api.views.resource import Resource, following, foreign_cursor, read
from backups.models import ApiToken, Policy, Proposal, Scope
from backups.operations import governance, rights
from backups.queries import approvers, audit, decided, policies, proposals
from backups.queries import described as reading

Kind = Proposal.Kind


class Me(Resource):
    """Who calls."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("Show who calls", reply=MeSerializer)
    def get(self, request: Request) -> Response:
        """The token's owner, team, roles and scopes."""
        return Response(MeSerializer(token_of(request)).data)


class Decisions(Resource):
    """What was decided."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List decisions", query=DecisionFilters, reply=DecisionPage)
    def get(self, request: Request) -> Response:
        """Decisions of the team, newest first, those that became void as well."""
        token, asked = token_of(request), read(DecisionFilters, request.query_params)
        try:
            page = decided.page(token.team, backup=asked.get("backup"), before=asked.get("cursor"))
        except decided.CursorError as error:
            raise foreign_cursor() from error
        return Response(
            DecisionPage({"results": page.rows, "next": following(request, page.next_before)}).data
        )


class ToDecide(Resource):
    """What waits for the caller."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List backups to decide", reply=BackupList)
    def get(self, request: Request) -> Response:
        """Up to 100 backups that the token's owner may decide now, the earliest deadline first."""
        token = token_of(request)
        waiting = approvers.to_decide(token.user, at=timezone.now()).filter(team=token.team)
        ids = list(waiting.values_list("pk", flat=True)[:100])
        return Response({"results": [BackupSerializer.told(each) for each in reading.of(ids)]})


class Events(Resource):
    """The audit."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List events", query=EventFilters, reply=EventPage)
    def get(self, request: Request) -> Response:
        """Who did what in the team, newest first, with the marks of the chain."""
        token, asked = token_of(request), read(EventFilters, request.query_params)
        filters = audit.AuditFilters(
            team=token.team.slug,
            person=asked.get("person", ""),
            verb=asked.get("verb", ""),
            since=asked.get("since"),
            before=asked.get("until"),
        )
        try:
            page = audit.page(token.user, filters=filters, before=asked.get("cursor"))
        except audit.CursorError as error:
            raise foreign_cursor() from error
        return Response(EventPage({"results": page.rows, "next": following(request, page.next_before)}).data)


class Policies(Resource):
    """Who must agree to what."""

    scopes: ClassVar = {"GET": Scope.READ, "POST": Scope.MANAGE}

    @described("List policies", reply=PolicyList)
    def get(self, request: Request) -> Response:
        """The policies in force, the one that wins first."""
        return Response(PolicyList({"results": policies.in_force(token_of(request).team)}).data)

    @described("Make a policy", body=NewPolicy, reply=ChangeSerializer, status=201, also=[202])
    def post(self, request: Request) -> Response:
        """In a team with four eyes it is proposed, with 202, and waits for a second admin."""
        token = token_of(request)
        return propose(token, Kind.POLICY, _change(read(NewPolicy, request.data)), made=201)


class OnePolicy(Resource):
    """One policy."""

    scopes: ClassVar = {"GET": Scope.READ, "PUT": Scope.MANAGE, "DELETE": Scope.MANAGE}

    @described("Show a policy", reply=PolicySerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One policy in force."""
        return Response(PolicySerializer(_policy(token_of(request), pk)).data)

    @described("Replace a policy", body=NewPolicy, reply=ChangeSerializer, also=[202])
    def put(self, request: Request, pk: UUID) -> Response:
        """Put another in its place; what is open keeps the rules it was asked for under."""
        token = token_of(request)
        policy = _policy(token, pk)
        change = _change(read(NewPolicy, request.data)) | {"id": str(policy.pk)}
        return propose(token, Kind.POLICY, change)

    @described("Retire a policy", reply=ChangeSerializer, also=[202], deletes=True)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take it out of force."""
        token = token_of(request)
        return propose(token, Kind.RETIRE_POLICY, {"id": str(_policy(token, pk).pk)})


class Proposals(Resource):
    """Changes of the rules."""

    scopes: ClassVar = {"GET": Scope.MANAGE}

    @described("List proposals", reply=ProposalList)
    def get(self, request: Request) -> Response:
        """What waits for a second admin, and the last that were settled."""
        token = token_of(request)
        rights.require(token.user, "manage_team", token.team)
        rows = [*proposals.open_of(token.team), *proposals.settled_of(token.team)]
        return Response(ProposalList({"results": [row.proposal for row in rows]}).data)


class Agree(Resource):
    """A second admin: yes."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Agree to a proposal", body=Nothing, reply=ProposalSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have the change made; never one's own."""
        read(Nothing, request.data)
        token = token_of(request)
        proposal = _proposal(token, pk)
        governance.agree(proposal, by=token.user, at=timezone.now())
        return _settled(proposal)


class Refuse(Resource):
    """A second admin: no."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Refuse a proposal", body=Reason, reply=ProposalSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Say no, and why."""
        token, said = token_of(request), read(Reason, request.data)
        proposal = _proposal(token, pk)
        governance.refuse(proposal, by=token.user, at=timezone.now(), comment=said["comment"])
        return _settled(proposal)


class Withdraw(Resource):
    """Whoever proposed it: never mind."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Withdraw a proposal", body=Nothing, reply=ProposalSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take one's own proposal back."""
        read(Nothing, request.data)
        token = token_of(request)
        proposal = _proposal(token, pk)
        governance.withdraw(proposal, by=token.user, at=timezone.now())
        return _settled(proposal)


def propose(token: ApiToken, kind: Proposal.Kind, change: dict[str, Any], *, made: int = 200) -> Response:
    """Have `change` made, told with status `made`, or proposed to a second admin, told with 202."""
    proposal = governance.propose(token.team, kind, change, by=token.user, at=timezone.now())
    told = ChangeSerializer({"is_made": proposal is None, "proposal": proposal})
    return Response(told.data, status=made if proposal is None else 202)


def _change(asked: dict[str, Any]) -> dict[str, Any]:
    """A policy as `operations.policies` keeps it."""
    told = {name: value for name, value in asked.items() if name != "project"}
    for name in ("window_from", "window_until"):
        told[name] = f"{told[name]:%H:%M}" if told[name] else None
    return told | ({"project": str(asked["project"])} if asked["project"] else {})


def _policy(token: ApiToken, pk: UUID) -> Policy:
    policy = policies.in_force(token.team).filter(pk=pk).first()
    if policy is None:
        raise Http404
    return policy


def _proposal(token: ApiToken, pk: UUID) -> Proposal:
    proposal = proposals.visible_to(token.user).filter(team=token.team, pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def _settled(proposal: Proposal) -> Response:
    proposal.refresh_from_db()
    return Response(ProposalSerializer(proposal).data)
