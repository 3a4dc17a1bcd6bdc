"""Signs of life: written by those who live, read by `queries.health`."""

from datetime import datetime, timedelta

from django.db import transaction

from backups.models import Pulse
from backups.operations import wake

RECONCILER, WORKER, QUEUE, COVERAGE = "reconciler", "worker", "queue", "coverage"
BEAT_EVERY = timedelta(seconds=5)
CANARY_EVERY = timedelta(seconds=15)


def beat(*, at: datetime) -> None:
    """The reconciler lives; now and then it sends a message through the queue, for a worker to answer."""
    if claim(RECONCILER, every=BEAT_EVERY, at=at) and claim(QUEUE, every=CANARY_EVERY, at=at):
        wake.canary()


def answer(*, at: datetime) -> None:
    """A message came through the queue to a worker."""
    _write(WORKER, at=at)


@transaction.atomic
def claim(name: str, *, every: timedelta, at: datetime) -> bool:
    """Whether the last beat is long enough ago, and this process is the one to make the next."""
    if Pulse.objects.filter(name=name, at__gt=at - every).exists():
        return False
    _write(name, at=at)
    return True


def _write(name: str, *, at: datetime) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"at": at})
