"""Creating and listing backups at the cloud's own addresses."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backups.api import waiting
from backups.api.gateway import asked, shapes
from backups.api.gateway.authentication import Signed, SignedAuthentication
from backups.api.gateway.errors import (
    NO_INSTANCE,
    NOT_AUTHORIZED,
    NOT_NORMAL,
    Said,
    answer,
    of_state,
)
from backups.api.throttling import TokenThrottle
from backups.api.views.resource import AlwaysJson, require_length
from backups.contract import statuses
from backups.models import Api, Backup, Instance, Project, Scope, Status
from backups.operations import creation, repeating, rights

NOT_YET = frozenset({Status.QUEUED, Status.SUBMITTING, Status.UNCONFIRMED})
TOLD = frozenset(Status) - NOT_YET


class Raw(BaseParser):
    """Bodies are read by `asked`, whatever their type is said to be."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Nothing: the bytes are signed, and read as they are."""
        return None


class Endpoint(APIView):
    """An endpoint of the cloud: its errors, its headers."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (SignedAuthentication,)
    permission_classes = ()
    throttle_classes = (TokenThrottle,)
    parser_classes = (Raw,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    schema = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view; it leads no program to a sign-in page."""
        return login_not_required(super().as_view(**initkwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A body that can be read; and who calls, and how often."""
        require_length(request)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """Every error as the cloud has it."""
        return answer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Each reply has an id, which is what a support asks for."""
        told = super().finalize_response(request, response, *args, **kwargs)
        told.headers["X-Request-Id"] = uuid.uuid4().hex
        told.headers["Cache-Control"] = "no-store"
        return told


class CreateBackup(Endpoint):
    """`POST .../backups/create`."""

    def post(self, request: Request, api: str, project_id: str) -> Response:
        """The backup, once it is the cloud's; else that it is recorded, why it waits, and where to look."""
        signed = _signed(request, Scope.REQUEST)
        project = _project(signed, project_id)
        body = asked.backup(request._request.body, allow_chinese=project.allows_chinese_names)
        draft = creation.Draft(_instance(project, body.instance_id), body.name, body.description)
        rights.require(signed.access.user, "create_backup", signed.access.team)
        made = repeating.ask(draft, by=signed.access.user, at=timezone.now(), client_token=signed.call_id)
        waiting.until(made.pk, TOLD, seconds=settings.GATEWAY_WAIT_SECONDS)
        backup = Backup.objects.select_related("instance").get(pk=made.pk)
        if backup.cloud_id is None:
            raise of_state(backup)
        return Response(shapes.created(backup, Api(api)), status=202)


class ListBackups(Endpoint):
    """`GET .../backups`."""

    def get(self, request: Request, api: str, project_id: str) -> Response:
        """What Safepoint knows to be in the cloud, whoever made it, newest first."""
        signed = _signed(request, Scope.READ)
        wanted = asked.part(request.query_params)
        project = _project(signed, project_id)
        found = Backup.objects.filter(
            team=signed.access.team,
            instance__project=project,
            cloud_id__isnull=False,
            gone_at=None,
            **wanted.conditions,
        ).exclude(status__in=[Status.DELETED, Status.VANISHED])
        rows = found.select_related("instance").order_by(F("begin_time").desc(nulls_last=True), "-id")
        page = rows[wanted.offset : wanted.offset + wanted.limit]
        return Response({"backups": [shapes.listed(row) for row in page], "total_count": found.count()})


class Nothing(Endpoint):
    """Every other address."""

    authentication_classes = ()

    def get(self, request: Request, **_parts: str) -> Response:
        """What the cloud says of an API that it does not have."""
        raise Said(404, "APIGW.0101", "The API does not exist here: create and list backups do.")

    post = get


def _signed(request: Request, scope: Scope) -> Signed:
    signed = cast(Signed, request.auth)
    signed.require(scope)
    return signed


def _project(signed: Signed, project_id: str) -> Project:
    mine = Project.objects.visible_to(signed.access.user).filter(team=signed.access.team)
    # What no ID is made of, such as NUL, may be nothing that the database takes.
    found = mine.filter(project_id=project_id) if project_id.isalnum() else mine.none()
    project = found.order_by("created_at").first()
    if project is None:
        raise Said(403, NOT_AUTHORIZED, "You are not authorized to operate this instance.")
    return project


def _instance(project: Project, cloud_id: str) -> Instance:
    """An instance of which the cloud would take a backup."""
    found = Instance.objects.select_related("project", "team").filter(project=project, cloud_id=cloud_id)
    instance = found.first()
    if instance is None or instance.gone_at:
        raise Said(404, NO_INSTANCE, "The DB instance does not exist.")
    if not statuses.instance_is_available(instance.status):
        told = "The operation cannot be performed in the current instance status"
        raise Said(409, NOT_NORMAL, f"{told} ({instance.status}).")
    return instance
