"""What a person of the team arranges: who decides in one's stead, and what one's programs sign in with."""

from typing import ClassVar
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.access import AccessList, AccessSerializer
from backups.api.serializers.backups import Nothing
from backups.api.serializers.team import DeputyList, DeputySerializer, NewDeputy
from backups.api.views.resource import Resource, read
from backups.models import Scope
from backups.operations import access, deputies, rights
from backups.queries import absences
from backups.queries import access as reading


class Deputies(Resource):
    """Who decides in whose stead."""

    scopes: ClassVar = {"GET": Scope.READ, "POST": Scope.APPROVE}

    @described("List deputies", reply=DeputyList)
    def get(self, request: Request) -> Response:
        """Those of the caller, those whom the caller stands in for, and for an admin those of the team."""
        token = token_of(request)
        rows = absences.concerning(token.user, at=timezone.now()).filter(team=token.team)
        return Response(DeputyList({"results": rows}).data)

    @described("Appoint a deputy", body=NewDeputy, reply=DeputySerializer, status=201)
    def post(self, request: Request) -> Response:
        """Have another member decide in the caller's stead, who is an approver, for a while."""
        token, asked, now = token_of(request), read(NewDeputy, request.data), timezone.now()
        span = {"starts_at": asked.get("starts_at", now), "ends_at": asked["ends_at"]}
        row = deputies.appoint(token.team, asked["deputy"], **span, by=token.user, at=now)
        return Response(DeputySerializer(row).data, status=201)


class EndDeputy(Resource):
    """An end before its time."""

    scopes: ClassVar = {"POST": Scope.APPROVE}

    @described("End a deputy", body=Nothing, reply=DeputySerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """For who is away, the deputy, or an admin; what the deputy has decided stands."""
        read(Nothing, request.data)
        token = token_of(request)
        row = absences.visible_to(token.user).filter(team=token.team, pk=pk).first()
        if row is None:
            raise Http404
        deputies.end(row, by=token.user, at=timezone.now())
        row.refresh_from_db(fields=["ended_at"])
        return Response(DeputySerializer(row).data)


class Tokens(Resource):
    """What programs sign in with."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List tokens", reply=AccessList)
    def get(self, request: Request) -> Response:
        """The caller's tokens and key pairs of this team; an admin's, with the scope “manage”, everybody's.

        None can be made with a token: that takes a fresh sign-in, under Account, API access.
        """
        token = token_of(request)
        is_admin = rights.may(token.user, "manage_team", token.team).is_allowed
        by = None if is_admin and Scope.MANAGE in token.scopes else token.user
        return Response(AccessList({"results": reading.of_team(token.team, by=by, at=timezone.now())}).data)


class Revoke(Resource):
    """An end of a token or a key pair."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Revoke a token", body=Nothing, reply=AccessSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have a token or a key pair open nothing from now on: one's own, or as an admin anybody's."""
        read(Nothing, request.data)
        token = token_of(request)
        row = reading.in_team(token.team, pk)
        if row is None:
            raise Http404
        access.revoke(row, by=token.user, at=timezone.now())
        row.refresh_from_db(fields=["revoked_at"])
        return Response(AccessSerializer(row).data)
