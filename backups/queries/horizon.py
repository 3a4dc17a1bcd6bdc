"""How far a reader of changes may safely read."""

from django.db import connection


def now() -> int:
    """The oldest transaction still running: everything before it has committed, or never will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
