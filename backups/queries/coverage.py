"""Who is covered: each instance's newest good backup against the target of its team, as of any moment.

A good backup counts from its end until it is gone from the cloud, whoever made it, and its data is as old as
its begin. An instance counts from when it was found here, or had its first good backup, until it is gone.
A target counts while it holds. docs/coverage.md says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backups.models import Coverage, Team, User
from backups.queries.coverage_sql import CHANGED, COUNTED, LISTED, PAGED, WORST_FIRST

PAGE_SIZE = 50
CHUNK = 2000


class CursorError(ValueError):
    """A page cursor that this module did not make."""


@dataclass(frozen=True, slots=True)
class CoverageFilters:
    """Which instances are wanted; empty means all."""

    team: str = ""
    environment: str = ""
    state: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many instances stand how."""

    covered: int = 0
    at_risk: int = 0
    uncovered: int = 0
    never: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class TeamSummary:
    """A team and how its instances stand."""

    team: Team
    summary: Summary


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One instance against its target. `age_seconds`: of the data of its newest good backup."""

    id: UUID
    cloud_id: str
    name: str
    environment: str
    team: Team
    project_name: str
    state: Coverage
    target_hours: int
    age_seconds: float | None
    begin_time: datetime | None
    end_time: datetime | None
    backup_id: UUID | None
    backup_name: str
    source: str


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A page of rows, the cursor of the next page or None, and the teams with any instance by name.

    The teams count whatever state is asked for, so that a reader sees what the other states hold.
    """

    at: datetime
    rows: list[CoverageRow]
    next_before: str | None
    teams: list[TeamSummary]

    @property
    def summary(self) -> Summary:
        """All the teams together."""
        return _summed(row.summary for row in self.teams)


@dataclass(frozen=True, slots=True)
class Change:
    """An instance that stands otherwise than its team was told.

    `is_known`: for as long as its target, time enough for a first backup.
    """

    id: UUID
    cloud_id: str
    name: str
    team_id: int
    told: str
    state: Coverage
    is_known: bool


def summary(user: User, *, at: datetime) -> Summary:
    """How the instances of the teams of `user` stood at `at`, those gone by then left out. Two queries."""
    teams = _teams(user, CoverageFilters())
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, _asked(teams, CoverageFilters(), at))
        return _summed(Summary(*counts) for _team, *counts in cursor.fetchall())


def page(user: User, *, filters: CoverageFilters, at: datetime, before: str | None = None) -> CoveragePage:
    """Up to 50 instances as they stood at `at`, the worst first, after the cursor `before`. Two queries.

    A cursor keeps the moment of its page, so that the pages of one reading fit together. Raises
    `CursorError` for one that is not ours.
    """
    teams = _teams(user, filters)
    after = _read_cursor(before) if before else {"at": at}
    with connection.cursor() as cursor:
        cursor.execute(PAGED, _asked(teams, filters, at) | {"limit": PAGE_SIZE + 1} | after)
        found = cursor.fetchall()
    rows = [_row(values, teams) for _counts, *values in found if values[0] is not None]
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    counted = {team: Summary(*counts) for team, *counts in found[0][0] or []}
    return CoveragePage(
        after["at"],
        rows,
        _cursor(rows[-1], after["at"]) if has_more else None,
        [TeamSummary(team, counted[pk]) for pk, team in teams.items() if pk in counted],
    )


def every(
    user: User, *, filters: CoverageFilters, at: datetime, by_team: bool = False
) -> Iterator[CoverageRow]:
    """All of them, the worst first, or first by team: read from the server bit by bit."""
    teams = _teams(user, filters)
    with connection.chunked_cursor() as cursor:
        cursor.execute(LISTED, _asked(teams, filters, at) | {"by_team": by_team})
        while found := cursor.fetchmany(CHUNK):
            yield from (_row(values, teams) for values in found)


def changes(*, at: datetime) -> list[Change]:
    """Every instance that stands otherwise at `at` than its team was told, by team and name. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"at": at})
        return [
            Change(pk, cloud_id, name, team, told, WORST_FIRST[rank], is_known)
            for pk, cloud_id, name, team, told, rank, is_known in cursor.fetchall()
        ]


def _teams(user: User, filters: CoverageFilters) -> dict[int, Team]:
    teams = Team.objects.visible_to(user)
    return {team.pk: team for team in teams if filters.team in ("", team.slug)}


def _asked(teams: Mapping[int, Team], filters: CoverageFilters, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "teams": list(teams),
        "environment": filters.environment,
        "rank": WORST_FIRST.index(Coverage(filters.state)) if filters.state else None,
        "q": filters.q.strip(),
        "after_rank": None,
        "after_name": None,
        "after_id": None,
    }


def _row(values: Any, teams: Mapping[int, Team]) -> CoverageRow:
    pk, cloud_id, name, environment, team, project_name, rank, *rest = values
    return CoverageRow(pk, cloud_id, name, environment, teams[team], project_name, WORST_FIRST[rank], *rest)


def _summed(summaries: Iterable[Summary]) -> Summary:
    return Summary(*map(sum, zip(*map(astuple, summaries), strict=True)))


def _cursor(row: CoverageRow, at: datetime) -> str:
    return f"{at.isoformat()}_{WORST_FIRST.index(row.state)}_{row.id}_{row.name}"


def _read_cursor(cursor: str) -> dict[str, Any]:
    try:
        moment, rank, pk, name = cursor.split("_", 3)
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or rank not in ("0", "1", "2", "3"):
            raise ValueError("not ours")
        return {"at": at, "after_rank": int(rank), "after_name": name, "after_id": UUID(pk)}
    except ValueError as error:
        raise CursorError(cursor) from error
