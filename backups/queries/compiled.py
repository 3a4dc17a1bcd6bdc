"""Queries that every page asks, put into SQL once: building them anew costs more than the database takes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from backups.models import User
from backups.queries import prepared

SOMEBODY = -(2**31)
SOMETIME = datetime(1, 1, 2, tzinfo=UTC)
"""What stands in the SQL for whom and when is asked; no row and no condition has either."""


class Compiled:
    """A query of one row whose SQL is always the same but for the reader and the moment."""

    def __init__(self, build: Callable[[User, datetime], "QuerySet[User, tuple[Any, ...]]"]) -> None:
        self._build = build

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        sql, values = self._build(User(pk=SOMEBODY), SOMETIME).query.sql_with_params()
        return sql, tuple(values)

    def read(self, user: User, at: datetime) -> tuple[Any, ...]:
        """The row for `user` at the moment `at`. One query."""
        sql, values = self._statement
        told: list[Any] = [self._told(value, user, at) for value in values]
        with prepared.cursor() as cursor:
            cursor.execute(sql, told)
            row: tuple[Any, ...] = cursor.fetchone()
        return row

    @staticmethod
    def _told(value: Any, user: User, at: datetime) -> Any:
        if value == SOMEBODY:
            return user.pk
        return at if value == SOMETIME else value
