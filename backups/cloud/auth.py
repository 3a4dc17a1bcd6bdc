"""Who calls: an access key that signs, or an IAM user with a token (contract.md, "Signing in")."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from backups.cloud.errors import CredentialFailed
from backups.cloud.messages import Request
from backups.cloud.sign_in import Post, UserPassword, fetch_token
from backups.cloud.tokens import MemoryKeeper, Token, TokenKeeper
from backups.contract.signing import sign
from backups.contract.violations import gettext_noop
from backups.secrecy.secret import Secret

TOKEN_HEADER = "X-Auth-Token"  # noqa: S105  a header's name


class Auth(Protocol):
    """A way to sign in."""

    def secrets(self) -> Sequence[Secret]:
        """What must never be shown."""

    def authorize(self, request: Request, *, post: Post, at: datetime) -> Request:
        """`request` with what proves who we are."""

    def renew(self, used: Request, *, post: Post, at: datetime) -> bool:
        """After a 401 on `used`: whether a second try with something newer makes sense."""

    def sign_in(self, *, post: Post, at: datetime) -> None:
        """Prove the credential by itself, where the cloud has a way to."""


@dataclass(frozen=True, slots=True)
class AccessKeyAuth:
    """Signs each request with an access key; with temporary keys a security token goes along."""

    access_key: Secret
    secret_key: Secret
    security_token: Secret | None = None

    def secrets(self) -> Sequence[Secret]:
        """What must never be shown."""
        given = (self.access_key, self.secret_key, self.security_token)
        return tuple(secret for secret in given if secret)

    def authorize(self, request: Request, *, post: Post, at: datetime) -> Request:  # noqa: ARG002
        """`request`, signed for the moment `at`."""
        self._check()
        headers = sign(
            request.method,
            request.path,
            request.query,
            request.headers,
            request.body,
            access_key=self.access_key.reveal(),
            secret_key=self.secret_key.reveal(),
            security_token=self.security_token.reveal() if self.security_token else "",
            at=at,
        )
        return replace(request, headers=headers)

    def renew(self, used: Request, *, post: Post, at: datetime) -> bool:  # noqa: ARG002
        """Never: a key that failed must not try again by itself, five failures lock it."""
        return False

    def sign_in(self, *, post: Post, at: datetime) -> None:  # noqa: ARG002
        """A signature is proved only by a call."""
        self._check()

    def _check(self) -> None:
        if not all(_fits_a_header(secret) for secret in self.secrets()) or not self.access_key:
            raise CredentialFailed(
                at_step="sign_in",
                field="access_key",
                meaning=gettext_noop("The access key holds characters that no access key has."),
                remedy=gettext_noop("Enter both keys again, without spaces or line breaks."),
            )


@dataclass(frozen=True, slots=True)
class TokenAuth:
    """Sends the token of an IAM user, renewed shortly before its end and once on 401.

    One renewal at a time per credential: whoever gets the keeper's lock looks first whether another
    has renewed the token in the meantime.
    """

    iam_endpoint: str
    domain: str
    username: str
    password: Secret
    project_id: str = ""
    keeper: TokenKeeper = field(default_factory=MemoryKeeper, repr=False)

    def secrets(self) -> Sequence[Secret]:
        """What must never be shown; the token itself is taken from the request that carries it."""
        return (self.password,)

    def authorize(self, request: Request, *, post: Post, at: datetime) -> Request:
        """`request` with a token that still lasts a while."""
        token = self.keeper.load()
        if token is None or not token.is_fresh(at):
            token = self._renewed(None, post=post, at=at)
        return replace(request, headers={**request.headers, TOKEN_HEADER: token.value.reveal()})

    def renew(self, used: Request, *, post: Post, at: datetime) -> bool:
        """Replace the token that `used` carried, unless another has done so."""
        self._renewed(used, post=post, at=at)
        return True

    def sign_in(self, *, post: Post, at: datetime) -> None:
        """Fetch a new token, so that the password is proved and not only an older token."""
        with self.keeper.renewing():
            self.keeper.store(self._fetch(post, at))

    def _renewed(self, refused: Request | None, *, post: Post, at: datetime) -> Token:
        with self.keeper.renewing():
            token = self.keeper.load()
            if token is not None and token.is_fresh(at) and not _carries(refused, token):
                return token
            token = self._fetch(post, at)
            self.keeper.store(token)
            return token

    def _fetch(self, post: Post, at: datetime) -> Token:
        user = UserPassword(self.domain, self.username, self.password, self.project_id)
        return fetch_token(self.iam_endpoint, user, post=post, at=at)


def _carries(request: Request | None, token: Token) -> bool:
    return request is not None and request.headers.get(TOKEN_HEADER) == token.value.reveal()


def _fits_a_header(secret: Secret) -> bool:
    return secret.reveal().isascii() and secret.reveal().isprintable() and " " not in secret.reveal()
