"""Connections kept between calls, so that reads need no new handshake."""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable

from backups.cloud.connections import Connection
from backups.cloud.origins import Origin

KEPT_PER_ORIGIN = 8
KEPT_SECONDS = 15.0
"""Less than a server's usual patience with a silent connection."""

_Key = tuple[int, Origin]


class Shelf:
    """Idle connections by origin; the one put back last is taken first. Thread-safe.

    The process id is part of the key: a forked child never speaks on its parent's connection.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: defaultdict[_Key, list[tuple[float, Connection]]] = defaultdict(list)

    def take(self, origin: Origin) -> Connection | None:
        """An idle connection on which the server has neither spoken nor hung up, or None."""
        while True:
            with self._lock:
                idle = self._idle[os.getpid(), origin]
                if not idle:
                    return None
                kept_at, connection = idle.pop()
            if self._clock() - kept_at < KEPT_SECONDS and connection.is_connected:
                return connection
            connection.close()

    def put(self, origin: Origin, connection: Connection) -> None:
        """Keep `connection` for the next read, or close it where enough are kept."""
        with self._lock:
            idle = self._idle[os.getpid(), origin]
            if len(idle) < KEPT_PER_ORIGIN:
                idle.append((self._clock(), connection))
                return
        connection.close()
