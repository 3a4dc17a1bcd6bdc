"""The history to take along: all that is filtered, in its order, from one snapshot, in bounded memory."""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connections

from backups.models import User
from backups.queries import keyset
from backups.queries.keyset import Statement
from backups.queries.naming import APPROVED_BY
from backups.queries.selection import HistoryFilters
from backups.queries.sorting import Sort

COLUMNS = (
    *("id", "team", "project", "instance", "instance_id", "environment", "name", "description", "status"),
    *(
        "source",
        "requested_by",
        "requested_at",
        "approved_by",
        "begin_time",
        "end_time",
        "seconds",
        "size_mb",
    ),
    *("cloud_id", "gone_at", "reason", "change_ticket", "error_code", "error_message"),
)
FIRST_ROWS = 200
ROWS_AT_ONCE = 2000


def every(user: User, *, filters: HistoryFilters, sort: Sort) -> Iterator[tuple[Any, ...]]:
    """The backups that `filters` leave, each with the values of `COLUMNS`, times as RFC 3339 in UTC.

    They are read by a cursor of the server, in a transaction that only reads and on a connection of its own:
    whichever thread the web server sends from, it ends with the last row, or when the reader goes away.
    """
    wanted = keyset.found(user, filters=filters, sort=sort)
    with psycopg.connect(**connections["default"].get_connection_params()) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        with own.cursor(name="history") as ids:
            ids.execute(wanted.sql, wanted.params)
            yield from _rows(own, [pk for (pk,) in ids.fetchmany(FIRST_ROWS)])
            while found := ids.fetchmany(ROWS_AT_ONCE):
                yield from _rows(own, [pk for (pk,) in found])


def _rows(own: psycopg.Connection, ids: list[Any]) -> Iterator[tuple[Any, ...]]:
    listed = Statement(keyset.LISTED, {"ids": ids})
    with own.cursor() as cursor:
        cursor.execute(ROWS.format(wanted=listed.sql), listed.params)
        yield from cursor


def _moment(column: str) -> str:
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


ROWS = f"""
WITH wanted AS MATERIALIZED ({{wanted}})
SELECT b.id::text, team.name, project.name, instance.name, instance.cloud_id, instance.environment, b.name,
       b.description, b.status, b.source, coalesce(asker.username, ''), {_moment("b.requested_at")},
       CASE WHEN b.approvals_needed = 0 THEN '' ELSE coalesce(({APPROVED_BY}), '') END,
       {_moment("b.begin_time")}, {_moment("b.end_time")},
       extract(epoch FROM b.end_time - b.begin_time)::float8, b.size_mb, coalesce(b.cloud_id, ''),
       {_moment("b.gone_at")}, b.reason, b.change_ticket, b.error_code, b.error_message
FROM wanted
JOIN backups_backup AS b ON b.id = wanted.id
JOIN backups_instance AS instance ON instance.id = b.instance_id
JOIN backups_project AS project ON project.id = instance.project_id
JOIN backups_team AS team ON team.id = b.team_id
LEFT JOIN backups_user AS asker ON asker.id = b.requested_by_id
ORDER BY wanted.place
"""
