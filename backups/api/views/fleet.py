"""Instances, how they are covered, and the projects that they are in."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.backups import Nothing
from backups.api.serializers.fleet import (
    ChangedProject,
    CoveragePage,
    InstanceFilters,
    InstancePage,
    InstanceSerializer,
    NewProject,
    ProjectList,
    ProjectSerializer,
    StepList,
    WhichProject,
)
from backups.api.views.resource import Resource, following, foreign_cursor, read
from backups.contract import regions
from backups.models import ApiToken, Kind, Project, Scope
from backups.operations import connections, inventory, projects, rights, trial
from backups.operations.refusals import Refused
from backups.queries import coverage, fleet
from backups.secrecy.secret import Secret

SECRETS = ("access_key", "secret_key", "security_token", "password")
KEPT = ("name", "region", "endpoint", "iam_endpoint", "api", "project_id", "allows_chinese_names")


class Instances(Resource):
    """The instances of the team."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("List instances", query=InstanceFilters, reply=InstancePage)
    def get(self, request: Request) -> Response:
        """Instances by name, with how each stands against its target and what runs on it."""
        token, asked = token_of(request), read(InstanceFilters, request.query_params)
        try:
            page = fleet.instances(
                token.user, filters=_filters(asked, token), at=timezone.now(), before=asked.get("cursor")
            )
        except coverage.CursorError as error:
            raise foreign_cursor() from error
        told = {"results": page.rows, "next": following(request, page.next_before)}
        return Response(InstancePage(told).data)


class OneInstance(Resource):
    """One instance."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("Show an instance", query=WhichProject, reply=InstanceSerializer)
    def get(self, request: Request, instance_id: str) -> Response:
        """One instance by its ID in the cloud, against its target, and what runs on it."""
        token, asked = token_of(request), read(WhichProject, request.query_params)
        row = fleet.instance(
            token.team, instance_id, project_id=asked.get("project_id", ""), at=timezone.now()
        )
        if row is None:
            raise Http404
        return Response(InstanceSerializer(row).data)


class Coverage(Resource):
    """Who is covered."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("Show coverage", query=InstanceFilters, reply=CoveragePage)
    def get(self, request: Request) -> Response:
        """Each instance against its target, the worst first."""
        token, asked = token_of(request), read(InstanceFilters, request.query_params)
        try:
            page = coverage.page(
                token.user, filters=_filters(asked, token), at=timezone.now(), before=asked.get("cursor")
            )
        except coverage.CursorError as error:
            raise foreign_cursor() from error
        told = {
            "at": page.at,
            "summary": page.summary,
            "results": page.rows,
            "next": following(request, page.next_before),
        }
        return Response(CoveragePage(told).data)


class Projects(Resource):
    """The projects of the team."""

    scopes: ClassVar = {"GET": Scope.READ, "POST": Scope.MANAGE}

    @described("List projects", reply=ProjectList)
    def get(self, request: Request) -> Response:
        """The team's projects, by name."""
        return Response(ProjectList({"results": _projects(token_of(request))}).data)

    @described("Enter a project", body=NewProject, reply=ProjectSerializer, status=201)
    def post(self, request: Request) -> Response:
        """A project with its credential, which is sealed and never shown; its instances are read at once."""
        token = token_of(request)
        draft = _draft(token, read(NewProject, request.data))
        rights.require(token.user, "manage_projects", token.team)
        made = projects.create_project(draft, by=token.user, at=timezone.now())
        return Response(ProjectSerializer(made).data, status=201)


class OneProject(Resource):
    """One project."""

    scopes: ClassVar = {"GET": Scope.READ, "PATCH": Scope.MANAGE}

    @described("Show a project", reply=ProjectSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Where it points, how it signs in, and whether that works."""
        return Response(ProjectSerializer(_project(token_of(request), pk)).data)

    @described("Change a project", body=ChangedProject, reply=ProjectSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        """What is left out stays as it is, secrets too; where it points is changed with its secret only."""
        token = token_of(request)
        project = _project(token, pk)
        rights.require(token.user, "manage_projects", token.team)
        now = {name: getattr(project, name) for name in KEPT}
        now |= {name: getattr(project.credential, name) for name in ("kind", "domain", "username")}
        draft = _draft(token, now | read(ChangedProject, request.data))
        projects.change_project(project, draft, by=token.user, at=timezone.now())
        return Response(ProjectSerializer(project).data)


class TestProject(Resource):
    """Trying a project's connection."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Test a project's connection", body=Nothing, reply=StepList)
    def post(self, request: Request, pk: UUID) -> Response:
        """Each step, from the address to the list of instances, and what to do where one fails."""
        read(Nothing, request.data)
        token = token_of(request)
        try:
            steps = trial.test(_project(token, pk), by=token.user, at=timezone.now())
        except connections.CredentialClosedError as error:
            raise Refused("credential_closed", " ".join(connections.in_words(error))) from error
        return Response(StepList({"results": steps}).data)


class SyncProject(Resource):
    """Reading a project anew."""

    scopes: ClassVar = {"POST": Scope.REQUEST}

    @described("Sync a project", body=Nothing, status=202)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have its instances and backups read from the cloud, soon."""
        read(Nothing, request.data)
        token = token_of(request)
        inventory.request_sync(_project(token, pk), by=token.user, at=timezone.now())
        return Response(status=202)


def _filters(asked: dict[str, Any], token: ApiToken) -> coverage.CoverageFilters:
    """What is asked for, in the token's own team; another team's name finds nothing."""
    is_mine = asked.get("team", token.team.slug) == token.team.slug
    return coverage.CoverageFilters(
        team=token.team.slug if is_mine else "-",
        environment=asked.get("environment", ""),
        state=asked.get("state", ""),
        q=asked.get("q", ""),
    )


def _projects(token: ApiToken) -> Any:
    return fleet.projects(token.user).filter(team=token.team)


def _project(token: ApiToken, pk: UUID) -> Project:
    project: Project | None = _projects(token).filter(pk=pk).first()
    if project is None:
        raise Http404
    return project


def _draft(token: ApiToken, typed: dict[str, Any]) -> projects.ProjectDraft:
    """A project as it was sent; the region's own addresses where none is named."""
    is_known = typed["region"] in regions.REGIONS
    secrets: dict[str, Any] = {name: Secret.of(typed.get(name, "")) for name in SECRETS}
    words = {name: value for name, value in typed.items() if name not in SECRETS}
    if is_known:
        words["endpoint"] = words.get("endpoint") or regions.endpoint_of(typed["region"])
        if typed["kind"] == Kind.TOKEN:
            words["iam_endpoint"] = words.get("iam_endpoint") or regions.iam_endpoint_of(typed["region"])
    return projects.ProjectDraft(team=token.team, **{"endpoint": ""} | words, **secrets)
