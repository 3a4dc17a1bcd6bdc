"""The ids of a part of the history in its order, so that any depth and any size cost the same.

1. A lane is the equal beginning of an index: a team, a team with a status and a source, an instance. Each
   lane is read in the order of its index, no further than a page needs, and the lanes are merged. (One
   condition `team IN (...)` would read and sort all of them.)
2. What no index meets, such as words, is looked for in the next rows of the order first: what is common
   fills a page there. Only where it does not, every row that has it is found by an index of its own, and
   sorted. Teams that are known beforehand are merged row by row for that, so that nothing is read in vain;
   words alone are looked for in these as `words` says.
3. Rows whose key is unknown come after the known ones, and are read only where those do not fill the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backups.models import User
from backups.queries import selection, words
from backups.queries.selection import HistoryFilters, Lanes
from backups.queries.sorting import NEWEST_FIRST, Cursor, Sort

WINDOW = 1500
"""The most rows of one lane in which is looked first for what no index meets."""
WINDOW_OF_ALL = 3000
WINDOW_OF_TEAMS = 18_000
"""The same for all lanes together; of teams in the order of the start the index alone is read."""

WINDOW_OF_SEATS = 3000
"""The same for teams that are known one by one: they are merged row by row, as far as is needed."""
MOST_SEATS = 20
"""Planning grows with each."""

LISTED = "SELECT id, place FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS listed (id, place)"
"""Rows whose ids are given, in their order."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that finds rows, and the values it names.

    `is_walk`: it only reads on in the order of an index, or looks for words: one plan is best for all values.
    """

    sql: str
    params: dict[str, Any]
    is_walk: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows whose key is known, or those whose key is not, in their order and after a cursor.

    `met` an index meets in the order of the rows, `loose` it does not. `seats`: the teams of the lanes, where
    they are known. `q`: words, where they are all that is looked for there.
    """

    sort: Sort
    lanes: Lanes
    met: tuple[str, ...]
    loose: tuple[str, ...]
    seats: tuple[int, ...] = ()
    q: str = ""

    def page(self, limit: int) -> str:
        """The first `limit` of them."""
        if not self.loose:
            return self._ordered(self.lanes, self.met, str(limit))
        if self.q:
            return words.page(
                self.q, self.seats, sort=self.sort, met=self.met, limit=limit, far=WINDOW_OF_SEATS
            )
        hits = f"{self._order('key', 'id')} LIMIT {limit}"
        near = f"SELECT id, key FROM ({self._near()}) AS next_ones WHERE is_hit {hits}"
        return (
            f"WITH near AS MATERIALIZED ({near}), far AS NOT MATERIALIZED ({self._far(limit)})"
            f" SELECT id, key FROM near WHERE (SELECT count(*) FROM near) >= {limit}"
            f" UNION ALL (SELECT id, key FROM far WHERE (SELECT count(*) FROM near) < {limit})"
        )

    def every(self) -> str:
        """All of them, in their order."""
        return f"SELECT id, key FROM ({self._some()}) AS found {self._order('key', 'id')}"

    def _some(self) -> str:
        """All of them, in no order."""
        key, column = self.sort.column.sql, self.lanes.on.split()[0].removeprefix("b.")
        if self.lanes is selection.KINDS:
            where = " AND ".join([self.lanes.on, *self.met, *self.loose])
            found = f"SELECT b.id, {key} AS key FROM backups_backup AS b WHERE {where}"
            return f"SELECT hit.* FROM ({self.lanes.sql}) AS lane, LATERAL ({found}) AS hit"
        mine = f"b.{column} IN (SELECT {column} FROM ({self.lanes.sql}) AS lane)"
        where = " AND ".join([mine, *self.met, *self.loose])
        return f"SELECT b.id, {key} AS key FROM backups_backup AS b WHERE {where}"

    def _far(self, limit: int) -> str:
        is_by_start = self.sort.name.endswith(NEWEST_FIRST.name.removeprefix("-"))
        if is_by_start and self.lanes is selection.TEAMS and self.loose == (selection.IN_ENVIRONMENT,):
            return self._ordered(selection.OF_ENVIRONMENT, self.met, str(limit))
        # Found first and sorted then: otherwise the few rows wanted tempt into reading on in their order.
        found = f"WITH found AS MATERIALIZED ({self._some()}) SELECT id, key FROM found"
        return f"{found} {self._order('key', 'id')} LIMIT {limit}"

    def _near(self) -> str:
        """The next rows of all lanes in their order, and whether each is one of those that are looked for."""
        hit = " AND ".join(self.loose)
        if not self.seats:
            # With OFFSET, row by row: as a join it would also be found by the index of words, as `far` is.
            of_row = f"EXISTS (SELECT FROM backups_backup AS b WHERE b.id = every.id AND {hit} OFFSET 0)"
            next_ones = self._ordered(self.lanes, self.met, self._window())
            return f"SELECT every.id, every.key, {of_row} AS is_hit FROM ({next_ones}) AS every"
        key, order = self.sort.column.sql, self._order(self.sort.column.sql, "b.id")
        lanes = (
            f"(SELECT b.id, {key} AS key, {hit} AS is_hit FROM backups_backup AS b"
            f" WHERE {' AND '.join([f'b.team_id = {seat}', *self.met])} {order} LIMIT {WINDOW_OF_SEATS})"
            for seat in self.seats
        )
        merged = " UNION ALL ".join(lanes)
        return (
            f"SELECT id, key, is_hit FROM ({merged}) AS merged"
            f" {self._order('key', 'id')} LIMIT {WINDOW_OF_SEATS}"
        )

    def _ordered(self, lanes: Lanes, conditions: tuple[str, ...], limit: str) -> str:
        """Each lane by its index, and the lanes merged."""
        key, most = self.sort.column.sql, f"LIMIT {limit}" if limit else ""
        where = " AND ".join([lanes.on, *conditions])
        inner = f"SELECT b.id, {key} AS key FROM backups_backup AS b WHERE {where}"
        if limit:
            inner += f" {self._order(key, 'b.id')} {most}"
        return (
            f"SELECT hit.id, hit.key FROM ({lanes.sql}) AS lane, LATERAL ({inner}) AS hit"
            f" {self._order('hit.key', 'hit.id')} {most}"
        )

    def _window(self) -> str:
        is_by_start = self.sort.name.endswith(NEWEST_FIRST.name.removeprefix("-"))
        of_all = WINDOW_OF_TEAMS if is_by_start and self.lanes is selection.TEAMS else WINDOW_OF_ALL
        lanes = f"(SELECT count(*) FROM ({self.lanes.sql}) AS every_lane)"
        return f"(SELECT least({WINDOW}, greatest(60, {of_all} / greatest(1, {lanes}))))"

    def _order(self, key: str, pk: str) -> str:
        return f"ORDER BY {key} {self.sort.direction}, {pk} {self.sort.direction}"


def found(
    user: User,
    *,
    filters: HistoryFilters,
    sort: Sort,
    after: Cursor | None = None,
    limit: int | None = None,
    teams: tuple[int, ...] = (),
) -> Statement:
    """The backups of the teams of `user` that `filters` leave, after a place, as `id` and `place`.

    `teams`: those of them that `filters` leave, where they are known. Never a team of others.
    """
    is_by_start = sort.name.endswith(NEWEST_FIRST.name.removeprefix("-"))
    lanes = selection.lanes(filters, by_start=is_by_start)
    met, loose = tuple(selection.of_index(filters, lanes)), tuple(selection.besides(filters, lanes))
    if not is_by_start:
        met, loose = (), (*met, *loose)
    seats = teams if lanes is selection.TEAMS and len(teams) <= MOST_SEATS else ()
    is_words = seats and is_by_start and loose == (selection.WORDS,) and len(filters.q) >= selection.TRIGRAM
    q = filters.q if is_words else ""
    parts = [_Part(sort, lanes, (*told, *met), loose, seats, q) for told in _parts(sort, after)]
    values = selection.params(user, filters) | {"pieces": words.pieces(filters.q)}
    if after:
        values |= {"key": after.key, "id": after.id}
    if limit is None:
        return Statement(_all_of([part.every() for part in parts]), values)
    sql = _page_of([part.page(limit) for part in parts], limit)
    return Statement(sql, values, is_walk=not loose or bool(q))


def some(user: User, *, filters: HistoryFilters, limit: int) -> Statement:
    """Up to `limit` of the backups that `filters` leave, in no order."""
    lanes = selection.lanes(filters, by_start=True)
    where = " AND ".join([lanes.on, *selection.of_index(filters, lanes), *selection.besides(filters, lanes)])
    sql = f"SELECT b.id FROM ({lanes.sql}) AS lane JOIN backups_backup AS b ON {where} LIMIT {limit}"
    return Statement(sql, selection.params(user, filters))


def came_in(user: User, *, filters: HistoryFilters, after: UUID, limit: int) -> Statement:
    """Up to `limit` of the backups that `filters` leave and whose ids were made later than `after`."""
    lanes = selection.INSTANCES if filters.instances else selection.TEAMS
    conditions = ["b.id > %(after)s", *selection.of_index(filters, lanes), *selection.besides(filters, lanes)]
    column = lanes.on.split()[0].removeprefix("b.")
    mine = f"b.{column} IN (SELECT {column} FROM ({lanes.sql}) AS lane)"
    sql = f"SELECT b.id FROM backups_backup AS b WHERE {' AND '.join([mine, *conditions])} LIMIT {limit}"
    return Statement(sql, selection.params(user, filters) | {"after": after})


def _parts(sort: Sort, after: Cursor | None) -> Iterator[tuple[str, ...]]:
    """What tells the rows of each part: those with a key, then those without."""
    key, than = sort.column.sql, "<" if sort.is_descending else ">"
    if after is None:
        yield (f"{key} IS NOT NULL",) if sort.column.may_be_unknown else ()
    elif after.key is not None:
        yield (f"({key}, b.id) {than} (%(key)s, %(id)s)",)
    if sort.column.may_be_unknown:
        is_inside = after is not None and after.key is None
        yield (f"{key} IS NULL", f"b.id {than} %(id)s") if is_inside else (f"{key} IS NULL",)


def _page_of(parts: list[str], limit: int) -> str:
    if len(parts) == 1:
        return f"SELECT id, row_number() OVER () AS place FROM ({parts[0]}) AS part LIMIT {limit}"
    known, unknown = parts
    return (
        f"WITH known AS MATERIALIZED ({known}), joined AS (SELECT id FROM known UNION ALL"
        f" (SELECT id FROM ({unknown}) AS rest WHERE (SELECT count(*) FROM known) < {limit}))"
        f" SELECT id, row_number() OVER () AS place FROM joined LIMIT {limit}"
    )


def _all_of(parts: list[str]) -> str:
    return " UNION ALL ".join(f"(SELECT id FROM ({part}) AS part)" for part in parts)
