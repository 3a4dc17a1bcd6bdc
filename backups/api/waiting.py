"""Waiting for a backup within a call, without taking the threads that others need.

A call that waits holds a thread of its web process. So only some of them may wait at a time; who finds no
room is told how things stand.
"""

import time
from collections.abc import Collection
from threading import BoundedSemaphore
from uuid import UUID

from django.conf import settings

from backups.models import Backup

FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.05, 1.0

_room = BoundedSemaphore(settings.API_WAITERS)


def until(pk: UUID, statuses: Collection[str], *, seconds: float) -> None:
    """Return when the backup has one of `statuses`, or after `seconds`; one indexed read a look.

    At once where there is no room: a moment each would keep all threads busy with those who wait.
    """
    if seconds <= 0 or _has(pk, statuses) or not _room.acquire(blocking=False):
        return
    try:
        _look(pk, statuses, seconds)
    finally:
        _room.release()


def _look(pk: UUID, statuses: Collection[str], patience: float) -> None:
    deadline, pause = time.monotonic() + patience, FIRST_LOOK_SECONDS
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        if _has(pk, statuses):
            return
        pause = min(2 * pause, LONGEST_LOOK_SECONDS)


def _has(pk: UUID, statuses: Collection[str]) -> bool:
    return Backup.objects.filter(pk=pk, status__in=statuses).exists()
