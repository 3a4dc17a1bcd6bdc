"""Declarative set-up: a team as a document says."""

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.declared import Changes, NewState
from backups.api.views.resource import Resource, read
from backups.models import Scope
from backups.operations import rights
from backups.operations.declarations import applying, document
from backups.secrecy.secret import Secret

PROPOSED = ("?", "=")


class Apply(Resource):
    """The state of the team."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Apply a document", body=NewState, reply=Changes)
    def post(self, request: Request) -> Response:
        """Have the team's members, projects, instances and policies be as declared, all of it or nothing.

        What is so already is left alone, and nothing is taken away. In a team with four eyes a change of the
        rules waits for a second admin.
        """
        token, asked = token_of(request), read(NewState, request.data)
        rights.require(token.user, "manage_team", token.team)
        declaration = document.read(asked["document"], resolve=Secret).within(token.team)
        made = applying.apply(declaration, by=token.user, at=timezone.now(), is_trial=asked["dry_run"])
        told = {
            "changes": [str(each) for each in made],
            "proposals": [str(each) for each in made if each.sign in PROPOSED],
        }
        return Response(Changes(told).data)
