"""Who calls: a key pair that Safepoint has issued, by its signature, or an API token in `X-Auth-Token`."""

from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from backups.api.gateway.errors import Said, bad_sign_in
from backups.contract import verifying
from backups.models import ApiToken, KeyPair, Scope, User
from backups.operations import access, vault

OF_KEY_PAIRS = frozenset({Scope.READ, Scope.REQUEST})


@dataclass(frozen=True, slots=True)
class Signed:
    """A call that was signed in. `call_id`: the same for the very same call, however often it comes."""

    access: ApiToken | KeyPair
    call_id: UUID

    def require(self, scope: Scope) -> None:
        """Raise what the cloud says to who lacks a right."""
        scopes = self.access.scopes if isinstance(self.access, ApiToken) else OF_KEY_PAIRS
        if scope not in scopes:
            raise Said(403, "APIGW.0302", f"The token lacks the scope {scope.value}.")


class SignedAuthentication(BaseAuthentication):
    """A signature or a token; the cloud looks at the token first."""

    def authenticate(self, request: Request) -> tuple[User, Signed]:
        """The owner, and what was shown; raises what the cloud says to who is not signed in."""
        signed = _of_token(request) if "X-Auth-Token" in request.headers else _of_signature(request._request)
        access.note_use(signed.access, at=timezone.now())
        return signed.access.user, signed


def _of_token(request: Request) -> Signed:
    token = access.find_token(request.headers["X-Auth-Token"].strip(), at=timezone.now())
    if token is None:
        raise bad_sign_in("decrypt token fail")
    return Signed(token, uuid4())


def _of_signature(request: HttpRequest) -> Signed:
    header = request.headers.get("Authorization", "")
    if not header:
        raise bad_sign_in("neither a token nor a signature was sent")
    claim = verifying.read_claim(header)
    if claim is None:
        raise bad_sign_in("verify aksk signature fail, the Authorization header cannot be read")
    now = timezone.now()
    pair = access.find_key_pair(claim.access_key, at=now)
    if pair is None:
        raise bad_sign_in("Get secretKey failed")
    why = verifying.problem_of(
        claim,
        request.method or "",
        request.path,
        parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True),
        {name.lower(): value for name, value in request.headers.items()},
        request.body,
        secret_key=vault.open_field(pair, "secret_key").reveal(),
        now=now,
    )
    if why:
        raise bad_sign_in(why)
    # A signature stands for one call: shown again, it finds what it made, and never makes a second backup.
    return Signed(pair, uuid5(NAMESPACE_OID, f"safepoint:{pair.pk}:{claim.signature}"))
