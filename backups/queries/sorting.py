"""In which order the history is read, and the place of a row in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

KeyValue = datetime | timedelta | float | None
MICROSECOND = timedelta(microseconds=1)


class CursorError(ValueError):
    """A page cursor that this module did not make."""


@dataclass(frozen=True, slots=True)
class Column:
    """What rows are sorted by: in SQL, and as a cursor spells it. Unknown values come last both ways."""

    sql: str
    write: Callable[[Any], str]
    read: Callable[[str], KeyValue]
    may_be_unknown: bool = True


@dataclass(frozen=True, slots=True)
class Sort:
    """A column and a direction; `name` is how an address spells it, with a minus for downwards."""

    name: str

    @property
    def column(self) -> Column:
        """What is sorted by."""
        return COLUMNS[self.name.removeprefix("-")]

    @property
    def is_descending(self) -> bool:
        """Whether the newest, biggest or longest comes first."""
        return self.name.startswith("-")

    @property
    def direction(self) -> str:
        """The direction, in SQL."""
        return "DESC" if self.is_descending else "ASC"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row: what it is sorted by, None where that is unknown, and its id."""

    key: KeyValue
    id: UUID

    def told(self, sort: Sort) -> str:
        """The cursor as an address carries it."""
        return f"{'' if self.key is None else sort.column.write(self.key)}_{self.id}"


def read_cursor(text: str, sort: Sort) -> Cursor:
    """The place that `text` names in the order of `sort`. Raises `CursorError`."""
    key, _, pk = text.partition("_")
    column = sort.column
    try:
        if not key and not column.may_be_unknown:
            raise ValueError("no key")
        return Cursor(column.read(key) if key else None, UUID(pk))
    except (ValueError, OverflowError) as error:
        raise CursorError(text) from error


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


def _write_span(value: timedelta) -> str:
    return str(value // MICROSECOND)


def _read_span(text: str) -> timedelta:
    return int(text) * MICROSECOND


STARTED = "COALESCE(b.begin_time, b.requested_at)"
"""When it began, or was asked for while it has not: what pages call "started"."""

COLUMNS = {
    "started": Column(STARTED, datetime.isoformat, _read_moment, may_be_unknown=False),
    "size": Column("b.size_mb", repr, float),
    "took": Column("(b.end_time - b.begin_time)", _write_span, _read_span),
}

SORTS = {name: Sort(name) for column in COLUMNS for name in (f"-{column}", column)}
NEWEST_FIRST = SORTS["-started"]
