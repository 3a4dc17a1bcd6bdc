"""How words are looked for in teams that are known one by one.

1. The next hundred rows in the order of the page tell whether the words are common.
2. What is common fills a page when reading on in that order.
3. What is rare is found by the index of trigrams. That reads a list for each trigram of the words, and of a
   long name nearly all are in nearly every name: a piece of it that the rows of (1) do not have is looked for
   in its place, and what has it is compared with the whole. In a million rows that takes a twentieth.
"""

import re
from collections.abc import Sequence

from backups.queries.selection import LIKE_SPECIAL
from backups.queries.sorting import Sort

SAMPLE = 128
PIECE = 8
STRIDE = 4
INDEXED = re.compile(r"[^\W_]{3}")
"""Of shorter runs of letters and digits there are no trigrams."""


def pieces(words: str) -> list[str]:
    """Patterns of parts of `words`, its end first: names that are alike differ there."""
    starts = range(len(words) - PIECE, -1, -STRIDE)
    found = [words[start : start + PIECE] for start in starts]
    return [f"%{piece.translate(LIKE_SPECIAL)}%" for piece in found if INDEXED.search(piece)]


def page(words: str, seats: Sequence[int], *, sort: Sort, met: Sequence[str], limit: int, far: int) -> str:
    """SQL of the first `limit` rows of the teams `seats` that have `words`, as `id` and `key`.

    It names the values `like` and `pieces`. `met`: other conditions, which the index of the order meets.
    `far`: the most rows that are read on for what is common.
    """
    key, direction = sort.column.sql, sort.direction
    # Of ASCII alone the plain comparison says the same, in a third of the time.
    collation = ' COLLATE "C"' if words.isascii() else ""

    def has(pattern: str) -> str:
        return f"(b.name{collation} ILIKE {pattern} OR b.description{collation} ILIKE {pattern})"

    order = f"ORDER BY key {direction}, id {direction} LIMIT"
    lanes = " UNION ALL ".join(
        f"(SELECT id, {key} AS key, name, description FROM backups_backup AS b"
        f" WHERE {' AND '.join([f'team_id = {seat}', *met])} {order} {far})"
        for seat in seats
    )
    return f"""
    WITH lanes AS NOT MATERIALIZED ({lanes}),
    sample AS MATERIALIZED (SELECT * FROM lanes {order} {SAMPLE}),
    near AS MATERIALIZED (
        SELECT id, key FROM (SELECT * FROM lanes {order} {far}) AS b
        WHERE {has("%(like)s")}
        AND (SELECT count(*) FROM sample AS b WHERE {has("%(like)s")}) * {far} >= {limit * SAMPLE}
        {order} {limit}
    ),
    rare AS MATERIALIZED (
        SELECT coalesce((
            SELECT piece FROM unnest(%(pieces)s::text[]) WITH ORDINALITY AS part (piece, place)
            WHERE NOT EXISTS (SELECT FROM sample AS b WHERE {has("piece")}) ORDER BY place LIMIT 1
        ), %(like)s) AS piece
    ),
    far AS NOT MATERIALIZED (
        SELECT id, {key} AS key
        FROM (
            SELECT * FROM backups_backup AS b
            WHERE name ILIKE (SELECT piece FROM rare) OR description ILIKE (SELECT piece FROM rare)
            OFFSET 0
        ) AS b
        WHERE {" AND ".join([f"team_id IN ({', '.join(map(str, seats))})", has("%(like)s"), *met])}
        {order} {limit}
    )
    SELECT id, key FROM near WHERE (SELECT count(*) FROM near) >= {limit}
    UNION ALL (SELECT id, key FROM far WHERE (SELECT count(*) FROM near) < {limit})
    """
