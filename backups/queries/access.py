"""Tokens and key pairs, as their owner and the admins of a team read them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from backups.models import ApiToken, KeyPair, Team, User

OF_NO_PAIR = Q(key_pair=None)
"""A token that a key pair signed in for goes with its pair."""


def held(team: Team, *, by: User | None = None, at: datetime) -> list[ApiToken | KeyPair]:
    """What opens something of `team` still, the newest first: everybody's, or that of one person.

    Two queries.
    """
    alive = Q(team=team, revoked_at=None, expires_at__gt=at, **({"user": by} if by else {}))
    tokens = ApiToken.objects.filter(alive, OF_NO_PAIR).select_related("user")
    pairs = KeyPair.objects.filter(alive).select_related("user")
    return sorted([*tokens, *pairs], key=lambda each: each.created_at, reverse=True)


def find(team: Team, pk: UUID) -> ApiToken | KeyPair | None:
    """The token or key pair of `team` with this id, whether or not it opens anything."""
    token = ApiToken.objects.filter(OF_NO_PAIR, team=team, pk=pk).select_related("team", "user").first()
    return token or KeyPair.objects.filter(team=team, pk=pk).select_related("team", "user").first()
