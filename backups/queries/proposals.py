"""Changes of the rules that wait for a second admin, and those that were settled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from backups.models import Proposal, Team, User
from backups.queries import verbs

SHOWN = 20
State = Proposal.State


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with what it would change in words; empty where its kind says it all."""

    proposal: Proposal
    change: str


def visible_to(user: User) -> QuerySet[Proposal]:
    """The proposals of the teams of `user`."""
    rows = Proposal.objects.filter(team__in=Team.objects.visible_to(user))
    return rows.select_related("team", "proposed_by", "decided_by")


def open_of(team: Team) -> list[ProposalRow]:
    """What waits for a second admin of `team`, the oldest first."""
    return _rows(Proposal.objects.filter(team=team, state=State.OPEN).order_by("id"))


def waits(team: Team, kind: str, change: dict[str, Any], *, at: datetime) -> bool:
    """Whether this very change waits for a second admin of `team` already."""
    rows = Proposal.objects.filter(team=team, state=State.OPEN, expires_at__gt=at)
    return rows.filter(kind=kind, change=change).exists()


def settled_of(team: Team) -> list[ProposalRow]:
    """The last that were settled, newest first."""
    return _rows(Proposal.objects.filter(team=team).exclude(state=State.OPEN).order_by("-decided_at")[:SHOWN])


def _rows(found: QuerySet[Proposal]) -> list[ProposalRow]:
    related = found.select_related("proposed_by", "decided_by")
    return [ProposalRow(row, verbs.change(row.kind, row.change)) for row in related]
