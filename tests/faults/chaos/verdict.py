"""The books of both sides, compared: what Safepoint says, and what the cloud has."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import connection

from backups.models import Attempt, Backup, Outcome, Status
from backups.operations.lanes import Lanes
from tests.faults.chaos.plan import Click
from tests.fixtures.running import RunningProcess
from tests.fixtures.simulated_cloud import SimulatedCloud

AMBIGUOUS = (Outcome.AMBIGUOUS, Outcome.LOST)


def ambiguous_outcomes() -> int:
    """How many calls ended without a clear answer."""
    return Attempt.objects.filter(outcome__in=AMBIGUOUS).count()


def is_over(requests: int) -> bool:
    """Whether every request has come to its end."""
    ended = Backup.objects.filter(status__in=[Status.COMPLETED, Status.CANCELLED])
    return ended.count() >= requests


def invariants(
    clicks: Sequence[Click],
    cloud: SimulatedCloud,
    project_ids: Iterable[str],
    processes: Iterable[RunningProcess],
) -> dict[str, list[str]]:
    """Each invariant of faults.md with what breaks it; all empty is what we promise."""
    made = [each for project_id in project_ids for each in cloud.backups(project_id)]
    there = {each["id"]: each for each in made}
    times = Counter(each["name"] for each in made)
    rows = {row.name: row for row in Backup.objects.all()}
    return {
        "no backup twice in the cloud": [
            f"{name}: {_life(rows[name]) if name in rows else 'not here'}"
            for name, count in times.items()
            if count > 1
        ],
        "every accepted click has one row": sorted(
            {click.name for click in clicks} ^ {row.name for row in Backup.objects.all()}
        ),
        "every row has come to its end": [
            f"{row.name} {row.status}: {_life(row)}; {_surroundings(row, cloud)}"
            for row in rows.values()
            if row.status not in (Status.COMPLETED, Status.CANCELLED)
        ],
        "COMPLETED here is COMPLETED there, under the same id": [
            row.name
            for row in rows.values()
            if row.status == Status.COMPLETED
            and there.get(row.cloud_id or "", {}).get("status") != "COMPLETED"
        ],
        "COMPLETED there is COMPLETED here": [
            name for name in times if name not in rows or rows[name].status != Status.COMPLETED
        ],
        "only a person gives a backup up": [
            row.name
            for row in rows.values()
            if row.status == Status.CANCELLED and not row.events.filter(verb="closed", actor__isnull=False)
        ],
        "no call without an end": [str(call) for call in Attempt.objects.filter(outcome=Outcome.IN_FLIGHT)],
        "no secret in a log": [
            process.name
            for process in processes
            for access in cloud.projects
            if access["secret_key"] in process.output()
        ],
    }


def _life(row: Backup) -> str:
    """What happened to a backup, for whoever has to find out why it is not over."""
    told = [f"{event.at:%H:%M:%S} {event.verb}" for event in row.events.order_by("id")]
    return ", ".join(
        [
            *told,
            f"next {row.next_action_at:%H:%M:%S}" if row.next_action_at else "no next",
            f"{row.looks} looks",
        ]
    )


def _surroundings(row: Backup, cloud: SimulatedCloud) -> str:
    """How its project stands, and what became of the lists that were asked for its instance."""
    project = row.instance.project
    lists = [
        f"{datetime.fromtimestamp(call['at'], UTC):%H:%M:%S} {call['outcome']} {call['status']}"
        for call in cloud.history("list_backups")
        if row.instance.cloud_id in call["target"]
    ]
    with connection.cursor() as cursor:
        key = Lanes(project.credential.pk).key
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [key])
        lanes = cursor.fetchone()[0]
    again = f"again at {project.retry_at:%H:%M:%S}" if project.retry_at else "not held"
    failed = f"{project.calls_failed} calls failed, credential {project.credential.failures}"
    return f"{failed}, {again}, {lanes} lanes taken, lists {lists}"
