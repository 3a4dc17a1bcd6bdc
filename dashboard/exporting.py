"""All that is filtered, to take along: a table or a list of objects, streamed."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Row = Sequence[object]


def as_table(name: str, columns: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """A CSV file to keep, named after `name` and the time."""
    return _attachment(_lines(columns, rows), name, "csv", "text/csv; charset=utf-8")


def as_objects(name: str, columns: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """A JSON file to keep, named after `name` and the time."""
    return _attachment(_objects(columns, rows), name, "json", "application/json")


def _attachment(content: Iterator[str], name: str, kind: str, content_type: str) -> StreamingHttpResponse:
    reply = StreamingHttpResponse(content, content_type=content_type)
    file = f"{name}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    reply["Content-Disposition"] = f'attachment; filename="{file}"'
    return reply


class _Line:
    """What csv writes to, to get each line back."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    # The mark without which spreadsheets take UTF-8 for something else.
    yield "\ufeff" + write(columns)
    for row in rows:
        yield write([_cell(value) for value in row])


def _objects(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield separator + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _cell(value: object) -> object:
    """A cell of a table: what would start a formula is quoted (security.md, row 18)."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(STARTS_A_FORMULA) else text
