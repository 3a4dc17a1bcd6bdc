"""API tokens and key pairs: who gets one, what it is good for, and who it stands for when it is shown."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from backups.models import ApiToken, KeyPair, Membership, Scope, Team, User
from backups.operations import audit, rights, vault
from backups.operations.refusals import Refused
from backups.secrecy import tokens
from backups.secrecy.secret import Secret

A = TypeVar("A", ApiToken, KeyPair)

DEFAULT_LIFE = timedelta(days=90)
LONGEST_LIFE = timedelta(days=366)
LIFE_OF_SIGN_IN = timedelta(hours=24)
"""As long as the cloud's own tokens live (contract.md, "Signing in")."""

USE_NOTED_EVERY = timedelta(minutes=1)
UNLESS_ASKED = (Scope.READ, Scope.REQUEST)
NAME_MAX = 100
KEY_LETTERS = string.ascii_uppercase + string.digits
ACCESS_KEY_LENGTH, SECRET_KEY_LENGTH = 20, 40


class AccessRefused(Refused):
    """No token or key pair was made, or revoked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """For whom a token or a key pair is: a member of `team`. `expires_at` None: after the usual life.

    `id` becomes that of what is made: one grant, however often it is sent, makes one thing of a kind.
    """

    user: User
    team: Team
    name: str
    expires_at: datetime | None = None
    id: UUID = field(default_factory=uuid7)


@audit.act
def issue_token(
    grant: Grant, *, scopes: Sequence[str] = UNLESS_ASKED, by: User | None, at: datetime
) -> tuple[ApiToken, Secret]:
    """Make a token, and return what is shown this once.

    `by` is its owner, an admin of the team for a service account, or None for the operator at a terminal.
    Raises `AccessRefused` at the field that is wrong, or with the code "made" where the grant made one
    before, and `rights.RightError`.
    """
    _check(grant, by=by, at=at)
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        words = _("Scopes are read, request, approve and manage; at least one is needed.")
        raise AccessRefused("invalid", words, "scopes")
    if grant.user.is_service and not set(scopes) <= set(UNLESS_ASKED):
        raise AccessRefused("service", _("A service account may read and request, nothing else."), "scopes")
    token, secret = _save_token(grant, scopes, by=by, at=at)
    told = {"name": token.name, "username": grant.user.username, "scopes": list(token.scopes)}
    audit.record("token_issued", team_id=token.team_id, at=at, by=by, data=told)
    return token, secret


@audit.act
def issue_key_pair(grant: Grant, *, by: User | None, at: datetime) -> tuple[KeyPair, Secret]:
    """Make an AK/SK pair for the cloud's own endpoints, and return the secret key, shown this once.

    Raises as `issue_token` does.
    """
    _check(grant, by=by, at=at)
    pair = KeyPair(
        id=grant.id,
        team=grant.team,
        user=grant.user,
        issued_by=by,
        name=grant.name.strip(),
        access_key=_random(KEY_LETTERS, ACCESS_KEY_LENGTH),
        created_at=at,
        expires_at=grant.expires_at or at + DEFAULT_LIFE,
    )
    secret = Secret(_random(string.ascii_letters + string.digits, SECRET_KEY_LENGTH))
    vault.seal_field(pair, "secret_key", secret)
    _save(pair)
    told = {"name": pair.name, "username": grant.user.username, "access_key": pair.hint}
    audit.record("key_pair_issued", team_id=pair.team_id, at=at, by=by, data=told)
    return pair, secret


def sign_in(pair: KeyPair, *, at: datetime) -> tuple[ApiToken, Secret]:
    """A token of 24 hours for who has shown both keys of `pair`; the pair's tokens that ended go."""
    ApiToken.objects.filter(key_pair=pair, expires_at__lte=at).delete()
    grant = Grant(pair.user, pair.team, pair.name, min(at + LIFE_OF_SIGN_IN, pair.expires_at))
    return _save_token(grant, UNLESS_ASKED, by=pair.issued_by, at=at, pair=pair)


@audit.act
def revoke(access: ApiToken | KeyPair, *, by: User, at: datetime) -> None:
    """Have it open nothing from now on. Its owner may, and an admin of the team; raises `AccessRefused`."""
    right = may_revoke(by, access)
    if not right.is_allowed:
        raise AccessRefused("no_right", right.why_not)
    if not type(access).objects.filter(pk=access.pk, revoked_at=None).update(revoked_at=at):
        raise AccessRefused("revoked", _("It is revoked already."))
    verb = "token_revoked" if isinstance(access, ApiToken) else "key_pair_revoked"
    told = {"name": access.name, "username": access.user.username}
    audit.record(verb, team_id=access.team_id, at=at, by=by, data=told)


def may_revoke(user: User, access: ApiToken | KeyPair) -> rights.Right:
    """Whether `user` may revoke it."""
    if user.is_active and user == access.user:
        return rights.Right(True)
    return rights.may(user, "manage_team", access.team)


def find_token(text: str, *, at: datetime) -> ApiToken | None:
    """The token that `text` is, if it is good for anything at `at`."""
    if not tokens.is_whole(text):
        return None
    of_good_pair = Q(key_pair=None) | Q(key_pair__revoked_at=None, key_pair__expires_at__gt=at)
    return _good(ApiToken.objects.all(), at).filter(of_good_pair, digest=tokens.digest(text)).first()


def find_key_pair(access_key: str, *, at: datetime) -> KeyPair | None:
    """The pair with this access key, if it is good for anything at `at`."""
    return _good(KeyPair.objects.all(), at).filter(access_key=access_key).first()


def note_use(access: ApiToken | KeyPair, *, at: datetime) -> None:
    """Write down when it was last used, a minute apart: a read must not cost a write each time."""
    if access.last_used_at is None or at - access.last_used_at >= USE_NOTED_EVERY:
        type(access).objects.filter(pk=access.pk).update(last_used_at=at)


def _good(rows: QuerySet[A], at: datetime) -> QuerySet[A]:
    """Those that open anything: neither ended nor revoked, and their owner is an active member ever since.

    Whoever left and came back has no use of what was made before: leaving was to end it.
    """
    seats = Membership.objects.filter(
        Q(since=None) | Q(since__lte=OuterRef("created_at")), team=OuterRef("team"), user=OuterRef("user")
    )
    good = rows.filter(Exists(seats), revoked_at=None, expires_at__gt=at, user__is_active=True)
    return good.select_related("team", "user")


def _check(grant: Grant, *, by: User | None, at: datetime) -> None:
    if by is not None and by != grant.user:
        rights.require(by, "manage_team", grant.team)
        if not grant.user.is_service:
            told = _("Only %(person)s can make a token for %(person)s.")
            raise AccessRefused("no_right", told % {"person": grant.user.display_name})
    if not grant.user.is_active or not Membership.objects.filter(team=grant.team, user=grant.user).exists():
        told = _("%(person)s is not a member of %(team)s.")
        names = {"person": grant.user.display_name, "team": grant.team}
        raise AccessRefused("unknown", told % names, "team")
    if not 1 <= len(grant.name.strip()) <= NAME_MAX:
        told = _("Give it a name of at most %(most)d characters, by which you know what uses it.")
        raise AccessRefused("invalid", told % {"most": NAME_MAX}, "name")
    if grant.expires_at and not at < grant.expires_at <= at + LONGEST_LIFE:
        told = _("It ends within %(days)d days from now.") % {"days": LONGEST_LIFE.days}
        raise AccessRefused("invalid", told, "expires_at")


def _save_token(
    grant: Grant, scopes: Sequence[str], *, by: User | None, at: datetime, pair: KeyPair | None = None
) -> tuple[ApiToken, Secret]:
    secret = tokens.new_token()
    token = ApiToken(
        id=grant.id,
        team=grant.team,
        user=grant.user,
        issued_by=by,
        name=grant.name.strip(),
        hint=tokens.hint(secret.reveal()),
        digest=tokens.digest(secret.reveal()),
        scopes=[scope for scope in Scope.values if scope in scopes],
        key_pair=pair,
        created_at=at,
        expires_at=grant.expires_at or at + DEFAULT_LIFE,
    )
    _save(token)
    return token, secret


def _save(access: ApiToken | KeyPair) -> None:
    try:
        with transaction.atomic():
            access.save(force_insert=True)
    except IntegrityError as error:
        told = _("It was made already: what it signs in with was shown then, and cannot be shown again.")
        raise AccessRefused("made", told) from error


def _random(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _index in range(length))
