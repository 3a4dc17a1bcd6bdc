"""What the fault tests share: a cloud that protects nobody from calling twice, and processes in a hurry."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Backup, Instance, Project, Status, User
from backups.operations import settling
from backups.operations.lanes import LANES, Lanes
from tests.faults.waiting import until
from tests.fixtures.fleet import AskFor
from tests.fixtures.simulated_cloud import SimulatedCloud

PATIENCE = 90

QUICK = {
    "CLOUD_DEADLINE_SECONDS": "2",
    "LEASE_MARGIN_SECONDS": "2",
    "SETTLE_HORIZON_SECONDS": "8",
    "CLOUD_CALLS_PER_SECOND": "50",
}


@pytest.fixture
def quick(settings, simulator: SimulatedCloud) -> dict[str, str]:
    """The environment of processes that need not wait ten minutes; this one works at the same pace."""
    simulator.control("twins", {"allowed": True})
    for name, value in QUICK.items():
        setattr(settings, name, float(value))
    return {"CLOUD_ENDPOINTS": simulator.endpoint, **QUICK}


@pytest.fixture
def quick_instances(quick, simulated: Project) -> list[Instance]:
    """Instances of which backups can be taken, those first that are built soonest."""
    return list(simulated.instances.filter(status="normal").order_by("volume_gb", "name"))


@pytest.fixture
def ask_now(ask: AskFor) -> Callable[[Instance, str], Backup]:
    """Ask for a backup at this very moment: `ask_now(instance, "before-release")`."""
    return lambda instance, name: ask(instance, name, at=timezone.now())


@pytest.fixture
def closed_lanes(simulated: Project) -> Callable[[], AbstractContextManager[None]]:
    """While this is entered no call begins: whoever has claimed a backup stands right before its call."""
    key = Lanes(simulated.credential.pk).key

    @contextlib.contextmanager
    def close() -> Iterator[None]:
        with connection.cursor() as cursor:
            for lane in range(1, LANES + 1):
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [key, lane])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")

    return close


@pytest.fixture
def complete(dba: User) -> Callable[..., None]:
    """Wait until backups are COMPLETED; a person says "send again" where one is asked."""

    def wait(*backups: Backup, patience: float = PATIENCE) -> None:
        until(lambda: not [each for each in backups if not _is_completed(each, dba)], patience=patience)

    return wait


def _is_completed(backup: Backup, person: User) -> bool:
    row = Backup.objects.select_related("team", "instance").get(pk=backup.pk)
    if row.status == Status.UNCONFIRMED and row.needs_decision_at and row.send_again_by_id is None:
        settling.send_again(row, by=person, at=timezone.now())
    assert row.status not in (Status.FAILED, Status.REFUSED, Status.CANCELLED, Status.VANISHED)
    return row.status == Status.COMPLETED


@pytest.fixture
def assert_exactly_once(simulator: SimulatedCloud) -> Callable[..., None]:
    """Compare both sides' books: one backup a row, under the same id, with the same end; no call open."""

    def compare(*backups: Backup) -> None:
        rows = {row.pk: row for row in Backup.objects.filter(pk__in=[backup.pk for backup in backups])}
        assert len(rows) == len(backups)
        made = [each for access in simulator.projects for each in simulator.backups(access["project_id"])]
        for row in rows.values():
            there = [(each["id"], each["status"]) for each in made if each["name"] == row.name]
            assert there == [(row.cloud_id, row.status)], row.name
            assert not row.attempts.filter(outcome="in_flight").exists()

    return compare
