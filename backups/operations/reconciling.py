"""Finding every row whose next step is due, with no broker at all (faults.md, rule 6)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import DatabaseError, connections

from backups.models import Backup, Project, Status
from backups.operations import claims, inventory, progress, searching, submission

logger = structlog.get_logger(__name__)

BATCH = 100
HINTS_FIRST = timedelta(seconds=1)
"""How long a due row is left to the worker whom a hint may already have woken."""

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Due:
    """One step to take: a name for the log, and the call."""

    name: str
    take: Step


def due_steps(*, at: datetime) -> list[Due]:
    """The steps that are due at `at`, oldest first, one per backup, and one per project to follow."""
    rows = Backup.objects.filter(next_action_at__lte=at - HINTS_FIRST).order_by("next_action_at")
    steps: dict[str, Step] = {}
    for pk, status, project in rows.values_list("pk", "status", "instance__project_id")[:BATCH]:
        match status:
            case Status.QUEUED:
                steps[f"submit {pk}"] = partial(submission.submit, pk)
            case Status.SUBMITTING:
                steps[f"expire {pk}"] = partial(claims.expire_lease, pk, at=at)
            case Status.UNCONFIRMED:
                steps[f"look {pk}"] = partial(searching.look, pk, at=at)
            case Status.BUILDING:
                steps[f"follow {project}"] = partial(progress.follow, project, at=at)
    projects = Project.objects.filter(next_sync_at__lte=at - HINTS_FIRST).values_list("pk", flat=True)
    for pk in projects[:BATCH]:
        steps[f"sync {pk}"] = partial(inventory.sync, pk, at=at)
    return [Due(name, take) for name, take in steps.items()]


def run_once(pool: ThreadPoolExecutor, *, at: datetime) -> int:
    """Take every due step, several at a time; returns how many.

    A step that fails is logged and comes up again, since its row is still due.
    """
    steps = due_steps(at=at)
    for _ in pool.map(_take, steps):
        pass
    return len(steps)


def _take(step: Due) -> None:
    try:
        step.take()
    except Exception:
        # Whatever goes wrong with one row must not keep the others waiting; the row stays due.
        logger.exception("step failed", step=step.name)
    finally:
        for connection in connections.all(initialized_only=True):
            try:
                connection.close_if_unusable_or_obsolete()
            except DatabaseError:
                connection.close()
