"""Telling people."""

from typing import Any


def tell(event: Any, *, team: Any, at: Any, backup: Any = None, people: Any = (), data: Any = None) -> None:
    pass
