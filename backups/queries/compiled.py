"""Queries that every page asks, put into SQL once: building them anew costs more than the database takes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from psycopg.sql import quote

from backups.models import User
from backups.queries import prepared

SOMEBODY = -(2**31)
SOMETIME = datetime(1, 1, 2, tzinfo=UTC)
"""What stands in the SQL for whom and when is asked; no row and no condition has either."""


class Compiled:
    """A query of one row whose SQL is always the same but for the reader and the moment.

    All else is spelled out in the SQL: only so may a plan for all readers use an index of a part of the rows.
    """

    def __init__(self, build: Callable[[User, datetime], "QuerySet[User, tuple[Any, ...]]"]) -> None:
        self._build = build

    @cached_property
    def _statement(self) -> str:
        sql, values = self._build(User(pk=SOMEBODY), SOMETIME).query.sql_with_params()
        return sql.replace("%%", "%%%%") % tuple(self._told(value) for value in values)

    def read(self, user: User, at: datetime) -> tuple[Any, ...]:
        """The row for `user` at the moment `at`. One query."""
        with prepared.cursor() as cursor:
            cursor.execute(self._statement, {"reader": user.pk, "at": at})
            row: tuple[Any, ...] = cursor.fetchone()
        return row

    @staticmethod
    def _told(value: Any) -> str:
        if value == SOMEBODY:
            return "%(reader)s"
        return "%(at)s" if value == SOMETIME else quote(value).replace("%", "%%")
