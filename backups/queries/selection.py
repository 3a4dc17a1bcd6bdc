"""Which part of the history is wanted, as conditions on `backups_backup AS b`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backups.models import Source, Status, User
from backups.queries.sorting import STARTED

TRIGRAM = 3
LIKE_SPECIAL = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class HistoryFilters:
    """Which part of the history is wanted; empty means all. `before` is the first moment left out."""

    statuses: tuple[str, ...] = ()
    team: str = ""
    instances: tuple[UUID, ...] = ()
    environment: str = ""
    source: str = ""
    person: str = ""
    since: datetime | None = None
    before: datetime | None = None
    q: str = ""
    needs_person: bool = False


@dataclass(frozen=True, slots=True)
class Lanes:
    """Equal beginnings of an index, each read in its order: `sql` finds them, `on` ties `b` to one."""

    sql: str
    on: str


WORDS = "(b.name ILIKE %(like)s OR b.description ILIKE %(like)s)"
IN_ENVIRONMENT = (
    "EXISTS (SELECT FROM backups_instance AS place"
    " WHERE place.id = b.instance_id AND place.environment = %(environment)s)"
)
NEEDS_PERSON = (
    "(b.needs_decision_at IS NOT NULL OR b.alarm <> '')"
    " AND ((b.needs_decision_at IS NOT NULL AND b.send_again_by_id IS NULL) OR b.alarm <> '')"
)
"""The first half is the condition of the index, word for word."""

OF_READER = """
SELECT seat.team_id FROM backups_membership AS seat
WHERE seat.user_id = %(reader)s
  AND (%(team)s = '' OR seat.team_id = (SELECT id FROM backups_team WHERE slug = %(team)s))
"""
"""The wall: whatever is read of the history starts from the reader's teams."""

TEAMS = Lanes(OF_READER, "b.team_id = lane.team_id")
INSTANCES = Lanes(
    f"SELECT of_team.id AS instance_id FROM backups_instance AS of_team"
    f" WHERE of_team.id = ANY(%(instances)s) AND of_team.team_id IN ({OF_READER})",
    "b.instance_id = lane.instance_id",
)
OF_ENVIRONMENT = Lanes(
    f"SELECT of_team.id AS instance_id FROM backups_instance AS of_team"
    f" WHERE of_team.environment = %(environment)s AND of_team.team_id IN ({OF_READER})",
    "b.instance_id = lane.instance_id",
)
KINDS = Lanes(
    f"SELECT mine.team_id, status, source FROM ({OF_READER}) AS mine,"
    " unnest(%(statuses)s::text[]) AS status, unnest(%(sources)s::text[]) AS source",
    "b.team_id = lane.team_id AND b.status = lane.status AND b.source = lane.source",
)


def params(user: User, filters: HistoryFilters) -> dict[str, Any]:
    """The values that the conditions and the lanes name."""
    return {
        "reader": user.pk,
        "team": filters.team,
        "instances": list(filters.instances),
        "statuses": list(filters.statuses) or Status.values,
        "sources": [filters.source] if filters.source else Source.values,
        "source": filters.source,
        "environment": filters.environment,
        "person": filters.person,
        "since": filters.since,
        "before": filters.before,
        "like": _like(filters.q),
    }


def lanes(filters: HistoryFilters, *, by_start: bool) -> Lanes:
    """The lanes in which an index gives the rows in the wanted order, and few that are not wanted."""
    if filters.instances:
        return INSTANCES
    if by_start and (filters.statuses or filters.source) and not (filters.person or filters.needs_person):
        return KINDS
    return TEAMS


def of_index(filters: HistoryFilters, chosen: Lanes) -> Iterator[str]:
    """The conditions that an index in the order of the start meets by itself, besides those of its lane."""
    if filters.since:
        yield f"{STARTED} >= %(since)s"
    if filters.before:
        yield f"{STARTED} < %(before)s"
    if chosen is TEAMS and filters.person:
        yield "b.requested_by_id = (SELECT id FROM backups_user WHERE username = %(person)s)"
    if chosen is TEAMS and filters.needs_person:
        yield NEEDS_PERSON


def besides(filters: HistoryFilters, chosen: Lanes) -> Iterator[str]:
    """The conditions that are looked up row by row."""
    if chosen is not KINDS and filters.statuses:
        yield "b.status = ANY(%(statuses)s)"
    if chosen is not KINDS and filters.source:
        yield "b.source = %(source)s"
    if filters.environment:
        yield IN_ENVIRONMENT
    if chosen is not TEAMS and filters.person:
        yield "b.requested_by_id = (SELECT id FROM backups_user WHERE username = %(person)s)"
    if chosen is not TEAMS and filters.needs_person:
        yield NEEDS_PERSON
    if filters.q:
        yield WORDS


def _like(words: str) -> str:
    """Anywhere in the text; with too few letters for a trigram at its beginning, where the index has them."""
    escaped = words.translate(LIKE_SPECIAL)
    return f"%{escaped}%" if len(words) >= TRIGRAM else f"{escaped}%"
