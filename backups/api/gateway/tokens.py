"""`POST /v3/auth/tokens`: a token for an issued key pair, in the dialect of the cloud's sign-in service."""

from datetime import UTC, datetime
from typing import Any, cast

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.gateway import asked
from backups.api.gateway.errors import Said, SignInSaid
from backups.api.gateway.views import Endpoint
from backups.contract.json_text import mapping_in, text_in
from backups.models import ApiToken, KeyPair, Project, User
from backups.operations import access, vault
from backups.secrecy.secret import Secret


class KeysAuthentication(BaseAuthentication):
    """The access key as user name, the secret key as password."""

    def authenticate(self, request: Request) -> tuple[User, KeyPair]:
        """The pair's owner and the pair, so that signing in is counted; raises what the service says."""
        identity = _within(_auth(request), "identity")
        user = _within(identity, "password", "user")
        if identity.get("methods") != ["password"] or not user:
            raise SignInSaid(400, "Bad Request", "Request body is invalid.")
        pair = _pair(user, timezone.now())
        return pair.user, pair


class SignIn(Endpoint):
    """Signing in: the access key as user name, the secret key as password; the domain may be any."""

    authentication_classes = (KeysAuthentication,)

    def post(self, request: Request) -> Response:
        """201 with the token in `X-Subject-Token`, good for 24 hours."""
        pair = cast(KeyPair, request.auth)
        now = timezone.now()
        project = _scope(_auth(request), pair)
        token, secret = access.sign_in(pair, at=now)
        access.note_use(pair, at=now)
        headers = {"X-Subject-Token": secret.reveal()}
        return Response(_told(token, pair, project), status=201, headers=headers)


def _auth(request: Request) -> dict[str, Any]:
    try:
        return _within(asked.json_object(request._request.body), "auth")
    except Said as said:
        raise SignInSaid(400, "Bad Request", "Request body is invalid.") from said


def _pair(user: dict[str, Any], now: datetime) -> KeyPair:
    pair = access.find_key_pair(text_in(user.get("name")) or "", at=now)
    given = Secret(text_in(user.get("password")) or "")
    if pair is None or vault.open_field(pair, "secret_key") != given:
        raise SignInSaid(401, "Unauthorized", "The username or password is wrong.")
    return pair


def _scope(auth: dict[str, Any], pair: KeyPair) -> Project | None:
    """The project that is wanted, by its id or its region; None where none is."""
    wanted = _within(auth, "scope", "project")
    if not wanted:
        return None
    mine = Project.objects.visible_to(pair.user).filter(team=pair.team)
    if "id" in wanted:
        mine = mine.filter(project_id=text_in(wanted["id"]) or "")
    if "name" in wanted:
        mine = mine.filter(region=text_in(wanted["name"]) or "")
    project = mine.order_by("created_at").first()
    if project is None:
        raise SignInSaid(401, "Unauthorized", "The user has no rights in the project.")
    return project


def _told(token: ApiToken, pair: KeyPair, project: Project | None) -> dict[str, Any]:
    domain = {"id": str(pair.team_id), "name": pair.team.slug}
    told: dict[str, Any] = {
        "expires_at": _iam_time(token.expires_at),
        "issued_at": _iam_time(token.created_at),
        "methods": ["password"],
        "user": {"id": str(pair.pk), "name": pair.access_key, "domain": domain},
    }
    if project:
        told["project"] = {"id": project.project_id, "name": project.region, "domain": domain}
    return {"token": told}


def _iam_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _within(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """An object some levels down, empty where there is none."""
    for name in names:
        value = dict(mapping_in(value.get(name)))
    return value
