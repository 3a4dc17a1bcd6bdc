"""JSON from the cloud, read so that nothing in it can surprise a reader or a database."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 64
_BYTE_ORDER_MARK = "\ufeff"
_UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)


class NotJsonError(ValueError):
    """Bytes that are no JSON, or JSON that nobody means: too deep, a number without end."""


def parse_json(body: bytes) -> Any:
    """The value in `body`; raises `NotJsonError` and nothing else.

    A byte order mark is passed over. NUL and halves of surrogate pairs, which PostgreSQL refuses, are
    taken out of texts; they can stand there only as escapes. Numbers that are not finite become None.
    """
    try:
        text = body.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
        value = json.loads(text, parse_float=_finite, parse_constant=_nothing)
        _check_depth(value)
        return _clean(value) if _UNSTORABLE_ESCAPE.search(text) else value
    except (ValueError, RecursionError) as error:
        raise NotJsonError(f"not JSON: {type(error).__name__}") from None


def mapping_in(value: Any) -> Mapping[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text_in(value: Any) -> str | None:
    """`value` as text: a text or a whole number, else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def number_in(value: Any) -> float | None:
    """`value` as a number that is not negative, also where it is written as text, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def count_in(value: Any) -> int | None:
    """`value` as a count: a whole number that is not negative, also where it is written as text."""
    number = number_in(value)
    return int(number) if number is not None and number.is_integer() else None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _nothing(_: str) -> None:
    return None


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise NotJsonError("nested too deeply")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_UNSTORABLE)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key.translate(_UNSTORABLE): _clean(item) for key, item in value.items()}
    return value
