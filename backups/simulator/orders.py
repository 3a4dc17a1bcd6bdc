"""Remembers the order of the lists that are asked for again and again, page after page."""

import sqlite3
from typing import Any

MOST_LISTS = 50


class Orders:
    """Which backups a list holds, newest first; put in order anew when anything in the database has changed.

    Counting tens of thousands of backups, and walking past those before a page, took most of a list's time.
    Used inside a transaction, so by one thread at a time.
    """

    def __init__(self) -> None:
        self._changes = -1
        self._known: dict[tuple[Any, ...], list[int]] = {}

    def of(self, db: sqlite3.Connection, where: str, values: list[Any]) -> list[int]:
        """The row numbers of the backups that meet a condition."""
        if db.total_changes != self._changes or len(self._known) >= MOST_LISTS:
            self._changes = db.total_changes
            self._known.clear()
        key = (where, *values)
        if key not in self._known:
            ordered = f"SELECT rowid FROM backups WHERE {where} ORDER BY begin_at DESC, id"  # noqa: S608 - our own words
            self._known[key] = [row[0] for row in db.execute(ordered, values)]
        return self._known[key]
