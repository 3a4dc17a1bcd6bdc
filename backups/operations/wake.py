"""After the commit, tell a worker that a row wants looking at.

The message is a hint: a lost one costs seconds, because the reconciler finds the row by itself
(faults.md, rules 6 and 7). So publishing never tries again and never blocks for long.
"""

import time
from dataclasses import dataclass
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError
from redis import RedisError

from backups.models import Pulse

logger = structlog.get_logger(__name__)

COUNTDOWN_LIMIT_SECONDS = 30.0
SILENCE_SECONDS = 5.0
HINT_LASTS_SECONDS = 120.0


def submit(backup_id: UUID) -> None:
    """A backup may be sent to the cloud."""
    _after_commit("backups.submit", 0.0, backup_id=str(backup_id))


def look(backup_id: UUID, *, seconds: float) -> None:
    """A backup of unknown fate should be looked for in the cloud's list in `seconds`."""
    _after_commit("backups.look", seconds, backup_id=str(backup_id))


def follow(project_pk: UUID, *, seconds: float) -> None:
    """A project's running backups should be read from the cloud's list in `seconds`."""
    _after_commit("backups.follow", seconds, project_pk=str(project_pk))


def sync(project_pk: UUID) -> None:
    """A project's instances should be read from the cloud."""
    _after_commit("backups.sync", 0.0, project_pk=str(project_pk))


def catalog(project_pk: UUID) -> None:
    """A project's backups should be read from the cloud, a step of it."""
    _after_commit("backups.catalog", 0.0, project_pk=str(project_pk))


def deliver() -> None:
    """There is something to be told to somebody."""
    _after_commit("backups.deliver", 0.0)


def canary() -> None:
    """A worker should show that messages reach it."""
    _after_commit("backups.canary", 0.0)


def _after_commit(task: str, seconds: float, **ids: str) -> None:
    if seconds <= COUNTDOWN_LIMIT_SECONDS:
        transaction.on_commit(lambda: _publish(task, seconds, ids), robust=True)


def _publish(task: str, seconds: float, ids: dict[str, str]) -> None:
    if time.monotonic() < _silence.until:
        return
    try:
        current_app.send_task(
            task, kwargs=ids, countdown=seconds or None, expires=HINT_LASTS_SECONDS, retry=False
        )
    except (KombuError, RedisError, OSError) as error:
        # One hint waits a second for a frozen broker; the next twelve of the same click must not.
        _silence.until = time.monotonic() + SILENCE_SECONDS
        logger.warning("hint not published", task=task, error=type(error).__name__, **ids)
        Pulse.objects.update_or_create(name="queue", defaults={"failed_at": timezone.now()})


@dataclass(slots=True)
class _Silence:
    """Until when this process leaves a broker alone that did not answer (monotonic seconds)."""

    until: float = 0.0


_silence = _Silence()
