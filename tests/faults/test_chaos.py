"""Random runs: whatever breaks, each backup is created exactly once (faults.md, "The matrix")."""

import os
import random

import pytest

from tests.faults.chaos.plan import Plan
from tests.faults.chaos.run import World

REQUESTS = int(os.environ.get("CHAOS_REQUESTS", "300"))
AMBIGUOUS = REQUESTS // 10 if REQUESTS > 300 else 50
SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "20261123").split()]


@pytest.fixture
def world(settings, start_simulator, celery_worker, reconciler, web, payments, dba, admin) -> World:
    """A cloud of this test's own, and everything that works on it."""
    cloud = start_simulator(build_seconds=1, history_days=0)
    settings.CLOUD_ENDPOINTS = [cloud.endpoint]
    settings.CLOUD_CALLS_PER_SECOND = 100
    return World(cloud, celery_worker, reconciler, web, payments, dba, admin)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("seed", [*SEEDS, random.SystemRandom().randrange(10**9)], ids=["fixed", "fresh"])
def test_whatever_breaks_each_backup_is_created_exactly_once(world, seed, capsys):
    plan = Plan(
        seed, REQUESTS, projects=max(REQUESTS // 50, 30), instances_each=4, kills=max(REQUESTS // 50, 8)
    )
    report = world.run(plan, patience=90 + REQUESTS / 5)
    with capsys.disabled():
        print(f"\n{report}")
    assert not report.broken, report
    assert report.counts["ambiguous outcomes"] >= AMBIGUOUS
    assert report.counts["killed in a hold"]
