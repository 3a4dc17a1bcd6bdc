"""Questions to a server that may be frozen: answered in time, whatever becomes of them.

A question that hangs is waited for briefly, in a thread of its own; until it comes back it is not asked
again, so that a probe every few seconds piles nothing up.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Probe(Generic[T]):
    """One question, asked once at a time in this process."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None

    def start(self) -> Future[T]:
        """The answer to come: of the question that still hangs, or of a new one."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                # A daemon: a server that never answers must not keep this process from ending.
                threading.Thread(target=self._run, args=[self._asked], daemon=True).start()
            return self._asked

    def _run(self, asked: Future[T]) -> None:
        try:
            asked.set_result(self._ask())
        except Exception as error:
            # Whatever went wrong is the answer, for the one who waits for it.
            asked.set_exception(error)
