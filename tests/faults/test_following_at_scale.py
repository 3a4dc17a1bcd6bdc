"""5,000 running backups in 50 projects cost one call a project and page (design.md, "Growing")."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Project, Status
from backups.operations import pace
from tests.faults.bulk import build_everywhere, tenants

PROJECTS, INSTANCES = 50, 100
AGE = timedelta(seconds=80)
"""So long have they run; the next look at each is due a tenth of that later."""

SECONDS = 30


@pytest.fixture
def projects(settings, simulator, payments, admin) -> list[Project]:
    """50 projects of 100 instances."""
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    return tenants(simulator, PROJECTS, instances=INSTANCES, team=payments, by=admin)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_5000_running_backups_cost_one_list_call_a_page_of_100_a_project_and_interval_and_no_429(
    projects, simulator, reconciler
):
    build_everywhere(simulator, projects, age=AGE)
    assert Backup.objects.filter(status=Status.BUILDING).count() == PROJECTS * INSTANCES
    simulator.control("throttle", {"calls_per_second": 10})
    before, begun, began_at = len(simulator.history()), time.monotonic(), timezone.now()
    reconciler(CLOUD_ENDPOINTS=simulator.endpoint)
    time.sleep(SECONDS)

    calls = simulator.history()[before:]
    assert not [call for call in calls if call["status"] == 429]
    assert {call["operation"] for call in calls} <= {"list_backups", "list_instances"}
    looks = Counter(call["parameters"]["project_id"] for call in calls if call["operation"] == "list_backups")
    assert len(looks) == PROJECTS
    # Each list has 100 entries, so one page; the interval grows from the age on.
    interval = pace.before_follow(AGE, usual=None, pages=1)
    assert max(looks.values()) <= 1 + (time.monotonic() - begun) // interval.total_seconds()
    # Each has been looked at by now.
    assert not Backup.objects.filter(status=Status.BUILDING, next_action_at__lt=began_at).exists()
