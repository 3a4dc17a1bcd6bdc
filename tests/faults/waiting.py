"""Waiting for processes that do their work by themselves."""

import time
from collections.abc import Callable
from typing import Any

import urllib3

PATIENCE = 240


def until(is_so: Callable[..., Any], *, patience: float = PATIENCE) -> Any:
    """Ask again and again while processes come back; returns the first answer that is true."""
    deadline = time.monotonic() + patience
    while True:
        try:
            if found := is_so():
                return found
        except (urllib3.exceptions.HTTPError, AssertionError):
            pass
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.2)
