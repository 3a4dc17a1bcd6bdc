"""What programs sign in with, as those read it who answer for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from backups.models import ApiToken, KeyPair, Membership, Role, Scope, Team, User
from backups.models.access import AccessQuerySet

ENDS_SOON = timedelta(days=14)
TOLD_AFTERWARDS = timedelta(days=90)
"""How long what opens nothing any more is still listed; the audit keeps it."""

OF_KEY_PAIRS = (Scope.READ, Scope.REQUEST)


@dataclass(frozen=True, slots=True)
class Held:
    """A token or key pair. `ended`: why it opens nothing any more, in words; `over_since` if known."""

    access: ApiToken | KeyPair
    used_at: datetime | None
    ended: str
    over_since: datetime | None
    ends_soon: bool

    @property
    def access_key(self) -> str:
        """That of a key pair; a token has none."""
        return self.access.access_key if isinstance(self.access, KeyPair) else ""

    @property
    def scopes(self) -> list[str]:
        """What it is good for, in words."""
        scopes = OF_KEY_PAIRS if isinstance(self.access, KeyPair) else self.access.scopes
        return [str(Scope(scope).label) for scope in scopes]


def held_by(user: User, *, at: datetime) -> list[Held]:
    """Those of `user` and of the service accounts that `user` looks after, by team, account and name.

    Of those that open nothing any more only the ones of the last 90 days. Two queries.
    """
    since = at - TOLD_AFTERWARDS
    listed = Q(expires_at__gt=since) & (Q(revoked_at=None) | Q(revoked_at__gt=since))
    rows = list(chain.from_iterable(found.filter(listed) for found in _visible_to(user)))
    rows.sort(key=lambda row: (row.team.name, row.user != user, row.user.username, row.name))
    return [_held(row, at=at) for row in rows]


def find(user: User, pk: UUID) -> ApiToken | KeyPair | None:
    """One of those, however old."""
    return next(chain.from_iterable(found.filter(pk=pk) for found in _visible_to(user)), None)


def of_team(team: Team, *, by: User | None = None, at: datetime) -> list[ApiToken | KeyPair]:
    """What opens something of `team` still, the newest first: everybody's, or that of one person.

    Two queries.
    """
    alive = Q(team=team, revoked_at=None, expires_at__gt=at, **({"user": by} if by else {}))
    tokens = ApiToken.objects.filter(alive, key_pair=None).select_related("user")
    pairs = KeyPair.objects.filter(alive).select_related("user")
    return sorted([*tokens, *pairs], key=lambda each: each.created_at, reverse=True)


def in_team(team: Team, pk: UUID) -> ApiToken | KeyPair | None:
    """The token or key pair of `team` with this id, whether or not it opens anything."""
    token = ApiToken.objects.filter(key_pair=None, team=team, pk=pk).select_related("team", "user").first()
    return token or KeyPair.objects.filter(team=team, pk=pk).select_related("team", "user").first()


def services_of(team: Team, *, at: datetime) -> QuerySet[Membership]:
    """The service accounts of `team` by name. One query.

    Each with `in_use`, how many tokens and pairs still open something, and `used_at`, the last use of any.
    """
    tokens, pairs = ApiToken.objects.in_use().filter(key_pair=None), KeyPair.objects.in_use()
    counts = [_of_seat(rows.filter(expires_at__gt=at), Count("pk")) for rows in (tokens, pairs)]
    uses = [_of_seat(model.objects.all(), Max("last_used_at")) for model in (ApiToken, KeyPair)]
    rows = Membership.objects.filter(team=team, user__is_service=True).select_related("user")
    told = rows.annotate(in_use=Coalesce(counts[0], 0) + Coalesce(counts[1], 0), used_at=Greatest(*uses))
    return told.order_by("user__username")


def _of_seat(rows: AccessQuerySet, told: Aggregate) -> Subquery:
    of_seat = rows.filter(team=OuterRef("team"), user=OuterRef("user")).order_by()
    return Subquery(of_seat.values("team").annotate(told=told).values("told"))


def _visible_to(user: User) -> tuple[AccessQuerySet, AccessQuerySet]:
    """Tokens and key pairs; a token that a pair has signed in for is told as a use of the pair."""
    looked_after = Membership.objects.filter(user=user, roles__contains=[Role.ADMIN]).values("team")
    mine = Q(user=user) | Q(user__is_service=True, team__in=looked_after)
    seat = Exists(Membership.objects.filter(team=OuterRef("team"), user=OuterRef("user")))
    tokens = ApiToken.objects.filter(mine, key_pair=None).annotate(used_at=F("last_used_at"), has_seat=seat)
    used = Greatest("last_used_at", Max("tokens__last_used_at"))
    pairs = KeyPair.objects.filter(mine).annotate(used_at=used, has_seat=seat)
    return tokens.select_related("team", "user"), pairs.select_related("team", "user")


def _held(row: Any, *, at: datetime) -> Held:
    """`row` as `_visible_to` read it."""
    ended, since = "", None
    if row.revoked_at:
        ended, since = _("Revoked"), row.revoked_at
    elif row.expires_at <= at:
        ended, since = _("Expired"), row.expires_at
    elif not row.user.is_active:
        ended = _("Account disabled")
    elif not row.has_seat:
        ended = _("Not in the team any more")
    return Held(row, row.used_at, ended, since, ends_soon=row.expires_at - at <= ENDS_SOON)
