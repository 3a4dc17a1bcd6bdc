"""Whether the database is still the one that this machine worked on (faults.md, row 31).

A database restored from an older copy has forgotten calls that were made since. Before anything is sent
again, every row that waits to be sent is looked for in the cloud's list.

Each machine keeps the newest event that it has seen in `VAR_DIR`: a database in which that event is missing
is another, or an older one. A machine without such a mark goes by time: events are written every few minutes
while Safepoint runs, so a database whose newest event is old was out of use, or is a copy.
"""

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings

from backups.models import Backup, Event, Status

logger = structlog.get_logger(__name__)

UNUSED_FOR = timedelta(minutes=10)
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that was in the database."""

    event: int
    at: datetime

    def is_there(self) -> bool:
        """Whether the database still has it."""
        return Event.objects.filter(pk=self.event, at=self.at).exists()


def check(*, at: datetime) -> None:
    """Put every row that waits to be sent under doubt, where the database is not the one it was."""
    with _lock:
        mark = _read()
        if mark is None:
            newest = Event.objects.order_by("-id").first()
            is_broken = newest is not None and newest.at < at - UNUSED_FOR
            since = at - UNUSED_FOR
        else:
            is_broken, since = not mark.is_there(), mark.at
        if is_broken:
            _doubt(since)
        if is_broken or mark is None:
            _write_newest()


def remember() -> None:
    """Keep the newest event as the mark of this machine."""
    with _lock:
        _write_newest()


def _doubt(since: datetime) -> None:
    """What was asked for before `since` may have been sent, and this database does not know it."""
    unsent = [Status.QUEUED, Status.AWAITING_APPROVAL]
    rows = Backup.objects.filter(status__in=unsent, requested_at__lte=since).update(looks_first=True)
    logger.warning("the database is older than it was: looking before sending", rows=rows)


def _file() -> Path:
    return settings.VAR_DIR / "newest-event.json"


def _read() -> Mark | None:
    try:
        kept = json.loads(_file().read_text())
        return Mark(int(kept["event"]), datetime.fromisoformat(kept["at"]))
    except (OSError, ValueError, KeyError):
        return None


def _write_newest() -> None:
    newest = Event.objects.order_by("-id").first()
    if newest is None:
        return
    try:
        _write(Mark(newest.pk, newest.at))
    except OSError as error:
        # A machine that keeps no mark goes by time.
        logger.warning("the newest event cannot be kept", error=str(error))


def _write(mark: Mark) -> None:
    draft = _file().with_name(f"newest-event-{uuid4()}.json")
    draft.write_text(json.dumps({"event": mark.event, "at": mark.at.isoformat()}))
    draft.replace(_file())
