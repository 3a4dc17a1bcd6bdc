"""Finding every row whose next step is due, with no broker at all (faults.md, rule 6)."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

import structlog
from django.db import connections

from backups.models import Backup, Project, Status
from backups.operations import (
    catalog,
    claims,
    decisions,
    delivering,
    folding,
    glass,
    inventory,
    progress,
    searching,
    submission,
    watching,
)

logger = structlog.get_logger(__name__)

BATCH = 200
HINTS_FIRST = timedelta(seconds=1)
"""How long a due row is left to the worker whom a hint may already have woken."""

STEP_BY_STEP = [Status.AWAITING_APPROVAL, Status.QUEUED, Status.SUBMITTING, Status.UNCONFIRMED]
"""Each row has steps of its own; what is BUILDING is read by project."""

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Due:
    """One step to take: a name for the log, and the call."""

    name: str
    take: Step


def due_steps(*, at: datetime) -> list[Due]:
    """The steps that are due at `at`, oldest first, one per backup, and one per project to follow."""
    found = (
        _of_rows(at),
        _of_projects(at),
        _of_the_late(at),
        _of_the_watched(at),
        _of_people(at),
        _of_summaries(),
    )
    steps = dict(chain(*found))
    return [Due(name, take) for name, take in steps.items()]


def _of_rows(at: datetime) -> Iterator[tuple[str, Step]]:
    due = Backup.objects.filter(next_action_at__lte=at - HINTS_FIRST, status__in=STEP_BY_STEP)
    for pk, status in due.order_by("next_action_at").values_list("pk", "status")[:BATCH]:
        match status:
            case Status.AWAITING_APPROVAL:
                yield f"decide {pk}", partial(decisions.step, pk, at=at)
            case Status.QUEUED:
                yield f"submit {pk}", partial(submission.submit, pk)
            case Status.SUBMITTING:
                yield f"expire {pk}", partial(claims.expire_lease, pk, at=at)
            case _:
                yield f"look {pk}", partial(searching.look, pk, at=at)


def _of_projects(at: datetime) -> Iterator[tuple[str, Step]]:
    ripe = at - HINTS_FIRST
    running = Backup.objects.filter(next_action_at__lte=ripe, status=Status.BUILDING)
    for pk in running.values_list("instance__project_id", flat=True).distinct():
        yield f"follow {pk}", partial(progress.follow, pk, at=at)
    for pk in Project.objects.filter(next_sync_at__lte=ripe).values_list("pk", flat=True)[:BATCH]:
        yield f"sync {pk}", partial(inventory.sync, pk, at=at)
    for pk in Project.objects.filter(next_catalog_at__lte=ripe).values_list("pk", flat=True)[:BATCH]:
        yield f"catalog {pk}", partial(catalog.sync, pk, at=at)


def _of_the_late(at: datetime) -> Iterator[tuple[str, Step]]:
    late = Backup.objects.filter(status=Status.QUEUED, run_by__lte=at).order_by("run_by")
    for pk in late.values_list("pk", flat=True)[:BATCH]:
        yield f"run out {pk}", partial(decisions.run_out, pk, at=at)


def _of_the_watched(at: datetime) -> Iterator[tuple[str, Step]]:
    watched = Backup.objects.filter(next_watch_at__lte=at - HINTS_FIRST).order_by("next_watch_at")
    for pk in watched.values_list("pk", flat=True)[:BATCH]:
        yield f"watch {pk}", partial(watching.watch, pk, at=at)


def _of_people(at: datetime) -> Iterator[tuple[str, Step]]:
    """What people are to be told."""
    for pk in glass.unreviewed(at=at).values_list("pk", flat=True)[:BATCH]:
        yield f"remind {pk}", partial(glass.remind, pk, at=at)
    if delivering.is_due(at=at - HINTS_FIRST):
        yield "deliver", delivering.deliver


def _of_summaries() -> Iterator[tuple[str, Step]]:
    if folding.is_due():
        yield "fold", folding.fold


class Rounds:
    """Takes due steps on `pool`, round after round; a step that hangs keeps no other one waiting."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._running: dict[str, Future[None]] = {}

    def start(self, *, at: datetime) -> int:
        """Begin every due step that is not still being taken; returns how many.

        A step that fails is logged and comes up again, since its row is still due.
        """
        self._running = {name: step for name, step in self._running.items() if not step.done()}
        begun = [step for step in due_steps(at=at) if step.name not in self._running]
        for step in begun:
            self._running[step.name] = self._pool.submit(_take, step)
        return len(begun)

    def also(self, name: str, take: Step) -> None:
        """Begin a step that belongs to no row, unless it is still being taken."""
        running = self._running.get(name)
        if running is None or running.done():
            self._running[name] = self._pool.submit(_take, Due(name, take))

    def finish(self) -> None:
        """Return when every step that was begun has been taken."""
        wait(self._running.values())


def _take(step: Due) -> None:
    try:
        step.take()
    except Exception:
        # Whatever goes wrong with one row must not keep the others waiting; the row stays due.
        logger.exception("step failed", step=step.name)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()
