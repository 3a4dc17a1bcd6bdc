"""How far a reader of changes may safely read."""

from django.db import connection

OLDEST_RUNNING = """
SELECT coalesce(
    (
        SELECT min(running::text::bigint)
        FROM pg_snapshot_xip(snapshot) AS running
        WHERE NOT EXISTS (
            SELECT FROM pg_stat_activity AS other
            WHERE other.datname <> current_database() AND other.backend_xid = running::xid
        )
    ),
    pg_snapshot_xmax(snapshot)::text::bigint
)
FROM (SELECT pg_current_snapshot() AS snapshot) AS now
"""


def now() -> int:
    """The oldest transaction still running here: everything before it has committed, or never will.

    Transactions of the server's other databases cannot touch our rows, so a long one there, where it is
    known as such, holds nobody up.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_RUNNING)
        return int(cursor.fetchone()[0])
