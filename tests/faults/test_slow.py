"""A reply that trickles, or whose headers never end (faults.md, row 20)."""

import time

import pytest
from django.utils import timezone

from backups.models import Status
from tests.faults.steps import FOUND, look, lose_the_reply, some_of, submit

SLOW = {
    "one byte a second": {"seconds": 1},
    "one byte a second from the first header": {"seconds": 1, "part": "head"},
    "headers that never end": {"seconds": 0.01, "is_endless": True},
}
DEADLINE = 1.5
MARGIN = 5.0
"""For a busy machine; without a deadline each of these goes on for minutes or for ever."""


@pytest.fixture
def backup(simulated, ask):
    """A backup that waits to be sent."""
    [instance] = some_of(simulated, 1)
    return ask(instance, "before-release", at=timezone.now())


@pytest.fixture
def hurried(settings):
    """A deadline that a test can wait for."""
    settings.CLOUD_DEADLINE_SECONDS = DEADLINE


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_row_20_a_create_call_ends_at_its_deadline_and_is_looked_for(hurried, backup, simulator, slow):
    simulator.fault(operation="create_backup", at="reply", action="slow", **slow)
    began = time.monotonic()
    backup = submit(backup)
    assert time.monotonic() - began < DEADLINE + MARGIN
    assert backup.status == Status.UNCONFIRMED
    assert look(backup).status in FOUND
    assert len(simulator.history("create_backup")) == 1


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_row_20_a_list_ends_at_its_deadline_and_says_nothing(hurried, backup, simulator, slow):
    lose_the_reply(simulator)
    backup = submit(backup)
    simulator.fault(operation="list_backups", at="reply", action="slow", **slow)
    began = time.monotonic()
    backup = look(backup)
    assert time.monotonic() - began < DEADLINE + MARGIN
    assert (backup.status, backup.looks) == (Status.UNCONFIRMED, 0)
    assert look(backup).status in FOUND


@pytest.mark.slow
def test_row_20_a_call_takes_30_seconds_unless_told_otherwise(backup, simulator):
    simulator.fault(operation="create_backup", at="reply", action="slow", seconds=1)
    began = time.monotonic()
    assert submit(backup).status == Status.UNCONFIRMED
    assert 29 < time.monotonic() - began < 30 + MARGIN
