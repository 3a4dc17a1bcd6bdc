"""Queries that pages ask again and again, planned once: planning takes longer than they do."""

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def cursor() -> CursorWrapper:
    """A cursor for a query whose best plan is the same whatever its values are.

    It binds values on the server, which keeps one plan for each text (`prepare_threshold` and
    `plan_cache_mode` in the settings). Django's own cursors bind them on the client, so that the database
    plans each query anew.
    """
    wrapped = connection.cursor()
    wrapped.cursor.close()
    wrapped.cursor = psycopg.Cursor(connection.connection)
    return wrapped
