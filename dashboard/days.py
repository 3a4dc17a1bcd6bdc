"""How a day is called: a page of a year names hundreds, the same ones for everybody."""

from datetime import date
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language


def named(day: date, pattern: str) -> str:
    """The day in the reader's language, as `pattern` (of the template filter `date`) says."""
    return _named(day, pattern, get_language())


@lru_cache(4096)
def _named(day: date, pattern: str, _language: str | None) -> str:
    return formats.date_format(day, pattern)
