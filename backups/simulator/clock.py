"""The cloud's time: what its clock shows, and what its backups, locks and tokens live by."""

import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from backups.simulator.store import Store

ZONE = timezone(timedelta(hours=8))
"""What the cloud writes its times in; both regions lie there."""


class Clock:
    """Real time, shown wrong by an offset; the world may be ahead of it, so that a test need not wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = float(store.recall("clock.offset", "0"))
        self._ahead = float(store.recall("clock.ahead", "0"))

    def shown(self) -> float:
        """What the clock on the wall says: replies are dated and signatures judged by it."""
        return time.time() + self._offset

    def now(self) -> float:
        """The time by which backups, locks and tokens live."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let the world live through some time at once; the clock on the wall is left alone."""
        self._ahead += seconds
        self._store.remember("clock.ahead", str(self._ahead))

    def set_offset(self, seconds: float) -> None:
        """Make the clock on the wall wrong; the world lives on as it did."""
        self._offset = seconds
        self._store.remember("clock.offset", str(seconds))

    def reset(self) -> None:
        """Back to real time."""
        self._ahead = 0.0
        self._store.remember("clock.ahead", "0")
        self.set_offset(0.0)


def written(moment: float | None) -> str | None:
    """A time as the cloud writes it, such as 2020-07-07T01:17:05+0800."""
    return None if moment is None else datetime.fromtimestamp(moment, ZONE).strftime("%Y-%m-%dT%H:%M:%S%z")


def http_date(moment: float) -> str:
    """A time for the Date header."""
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)
