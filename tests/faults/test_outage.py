"""The cloud is away for two hours while 500 backups run (faults.md, row 28)."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Project, Status
from backups.operations import reconciling
from tests.faults.bulk import build_everywhere, control_many, tenants
from tests.faults.waiting import until

AWAY = timedelta(hours=2)
PROJECTS, INSTANCES = 5, 100
PROBES = AWAY // timedelta(minutes=1) + 10
"""One call a minute at most once the back-off is at its longest, and those on the way there."""


@pytest.fixture
def projects(settings, simulator, payments, admin) -> list[Project]:
    """Five projects of 100 instances."""
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    return tenants(simulator, PROJECTS, instances=INSTANCES, team=payments, by=admin)


def next_due() -> datetime:
    moments = [
        *Backup.objects.order_by("next_action_at").values_list("next_action_at", flat=True)[:1],
        *Project.objects.order_by("next_sync_at").values_list("next_sync_at", flat=True)[:1],
    ]
    return min(moment for moment in moments if moment) + reconciling.HINTS_FIRST


def live_through(since: datetime, until_when: datetime) -> None:
    """Take every step when it is due, as the reconciler does, in a time of the test's own."""
    at = since
    while at < until_when:
        for step in reconciling.due_steps(at=at):
            step.take()
        at = max(next_due(), at + timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_row_28_few_calls_ask_while_it_is_away_and_all_500_are_followed_to_the_end_without_a_429(
    settings, projects, simulator, reconciler
):
    back = timezone.now()
    gone = back - AWAY
    build_everywhere(simulator, projects, age=AWAY)
    Backup.objects.update(next_action_at=gone)
    Project.objects.update(
        next_sync_at=gone + timedelta(minutes=10), next_catalog_at=gone + timedelta(days=1)
    )
    before = len(simulator.history())
    settings.CLOUD_CALLS_PER_SECOND = 1000.0  # two hours go by within a minute
    simulator.fault(operation="*", times=0, action="drop")
    live_through(gone, gone + AWAY / 2)
    simulator.clear_faults()
    simulator.fault(operation="*", times=0, action="status", status=503)
    live_through(gone + AWAY / 2, back)
    asked = Counter(call["parameters"]["project_id"] for call in simulator.history()[before:])
    assert set(asked) == {project.project_id for project in projects}
    assert max(asked.values()) <= PROBES
    assert set(Backup.objects.values_list("status", flat=True)) == {Status.BUILDING}
    assert all(project.unreachable_since for project in Project.objects.all())

    settings.CLOUD_CALLS_PER_SECOND = 5.0
    simulator.clear_faults()
    simulator.control("throttle", {"calls_per_second": 10})
    before = len(simulator.history())
    ids = Backup.objects.values_list("cloud_id", flat=True)
    control_many(simulator, [(f"backups/{each}", {"status": "COMPLETED"}) for each in ids])
    reconciler(CLOUD_ENDPOINTS=simulator.endpoint)
    until(lambda: not Backup.objects.exclude(status=Status.COMPLETED).exists())
    caught_up = simulator.history()[before:]
    assert not [call for call in caught_up if call["status"] == 429]
    assert Backup.objects.filter(status=Status.COMPLETED).count() == PROJECTS * INSTANCES
    assert not Project.objects.exclude(unreachable_since=None).exists()
