"""Makes one row of many where the daily summaries have grown: the sums stay what they are."""

from django.db import connection, models

from backups.models import InstanceTally, TeamTally

WORTHWHILE = 500
"""So many rows that are not the only one of their kind are summed up by a reader without being noticed."""

BATCH = 5_000

KINDS: dict[type[models.Model], tuple[tuple[str, ...], tuple[str, ...]]] = {
    TeamTally: (("team_id", "day", "outcome"), ("count",)),
    InstanceTally: (("instance_id", "day"), ("count", "timed", "seconds", "sized", "size_mb")),
}
"""By what rows are of one kind, and what of them is summed."""


def is_due() -> bool:
    """Whether there is enough to fold. Two indexed reads at most."""
    return any(_has_grown(table) for table in KINDS)


def fold() -> None:
    """Fold the oldest extra rows of each summary with all of their kind; several copies may run.

    1. Rows that another copy folds are left to it (SKIP LOCKED): a kind may then keep two rows, no more.
    2. They are deleted and their sum inserted by one statement: every reader sees the one or the other.
    3. Writers only append, so nobody waits for it, and what they append meanwhile stays as it is.
    """
    for table in KINDS:
        with connection.cursor() as cursor:
            cursor.execute(_statement(table), [BATCH])


def _has_grown(table: type[models.Model]) -> bool:
    return table._default_manager.filter(is_extra=True).order_by("id")[WORTHWHILE:].exists()


def _statement(table: type[models.Model]) -> str:
    kind, sums = KINDS[table]
    return FOLD.format(
        table=table._meta.db_table,
        kind=", ".join(kind),
        sums=", ".join(sums),
        summed=", ".join(f"sum({name})" for name in sums),
        nothing=" AND ".join(f"sum({name}) = 0" for name in sums),
    )


FOLD = """
WITH grown AS (
    SELECT DISTINCT {kind} FROM (SELECT {kind} FROM {table} WHERE is_extra ORDER BY id LIMIT %s) AS extra
), taken AS (
    SELECT id FROM {table} JOIN grown USING ({kind}) FOR UPDATE OF {table} SKIP LOCKED
), gone AS (
    DELETE FROM {table} USING taken WHERE {table}.id = taken.id RETURNING {table}.*
)
INSERT INTO {table} ({kind}, {sums}, is_extra)
SELECT {kind}, {summed}, false FROM gone GROUP BY {kind} HAVING NOT ({nothing})
"""
