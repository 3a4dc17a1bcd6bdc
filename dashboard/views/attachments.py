"""Tables that are taken along: streamed, as CSV for spreadsheets or as JSON for programs."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
LINES_AT_ONCE = 100


def attachment(
    what: str, kind: str, names: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """The rows as a file that a browser saves, read while it is sent: any number of them fits."""
    content = lines(names, rows) if kind == "csv" else objects(names, rows)
    reply = StreamingHttpResponse(content, content_type=CONTENT_TYPES[kind])
    name = f"{what}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


class _Line:
    """What csv writes to, to get each line back."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line


def lines(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as CSV, a head first; several lines at once, for each piece costs a turn of the server."""
    write = csv.writer(_Line()).writerow
    # The mark without which spreadsheets take UTF-8 for something else.
    yield "\ufeff" + write(names)
    yield from _together(write([cell(value) for value in row]) for row in rows)


def objects(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as a JSON list, an object a line."""
    yield "["
    separators = _separators()
    yield from _together(
        next(separators) + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows
    )
    yield "\n]\n"


def cell(value: object) -> object:
    """A cell of a table: what would start a formula is quoted (security.md, row 18)."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(STARTS_A_FORMULA) else text


def _separators() -> Iterator[str]:
    yield "\n"
    while True:
        yield ",\n"


def _together(told: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    for line in told:
        waiting.append(line)
        if len(waiting) >= LINES_AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    if waiting:
        yield "".join(waiting)
