"""Who calls: an API token, its owner and its team; and whether its scope is enough."""

from collections.abc import Mapping
from typing import Protocol, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from backups.models import ApiToken, User
from backups.operations import access

KEYWORD = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer spt_...`; no other way in, least of all a browser's cookie."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The owner and the token; None where none was shown."""
        header = get_authorization_header(request).decode("latin-1")
        if not header:
            return None
        keyword, _space, text = header.partition(" ")
        now = timezone.now()
        token = access.find_token(text.strip(), at=now) if keyword.lower() == KEYWORD.lower() else None
        if token is None:
            raise AuthenticationFailed(_("This token is none, has ended, or was revoked."))
        access.note_use(token, at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return f'{KEYWORD} realm="Safepoint"'


class Scoped(Protocol):
    """A view that says what a token needs for each method."""

    scopes: Mapping[str, str]


class HasScope(BasePermission):
    """The token has the scope that the view's `scopes` asks for with this method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether it has; raises what says why not."""
        scopes = cast(Scoped, view).scopes
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in scopes:
            return True  # no such method here: the view says so with 405
        if not isinstance(request.auth, ApiToken):
            raise NotAuthenticated(_("Send a token: Authorization: Bearer spt_…"))
        needed = scopes[method]
        if needed not in request.auth.scopes:
            raise PermissionDenied(
                _("This token lacks the scope “%(scope)s”.") % {"scope": needed}, code="scope"
            )
        return True


def token_of(request: Request) -> ApiToken:
    """The token of a call that `HasScope` let pass."""
    if isinstance(request.auth, ApiToken):
        return request.auth
    raise NotAuthenticated
