"""Calls whose reply says nothing of what became of them (faults.md, rows 14 and 15)."""

from typing import Any

import pytest
from django.utils import timezone

from backups.models import Backup, Outcome, Status
from backups.operations import submission
from tests.faults.test_exactly_once import settle

SILENCES: dict[str, dict[str, Any]] = {
    "reset": {"action": "reset"},
    "close": {"action": "drop"},
    "a reply after our deadline": {"action": "delay", "seconds": 3},
}


@pytest.fixture
def backup(quick, quick_instances, payments, ask_now) -> Backup:
    """A backup of a team that has it sent again by itself, once."""
    type(payments).objects.update(resends_automatically=True)
    return ask_now(quick_instances[0], "before-release")


def submit(backup: Backup) -> Backup:
    submission.submit(backup.pk)
    return Backup.objects.get(pk=backup.pk)


def assert_ambiguous_and_settled_by_one_backup(backup: Backup, simulator) -> None:
    """The call counts as neither done nor undone; the list decides, and in the end the cloud has one."""
    backup = submit(backup)
    assert (backup.status, backup.attempts.get().outcome) == (Status.UNCONFIRMED, Outcome.AMBIGUOUS)
    simulator.wait_until_answered()  # minutes go by in no time below, and a late reply takes three seconds
    settle(backup, simulator, at=timezone.now())
    made = simulator.backups(backup.instance.project.project_id)
    assert [each["id"] for each in made if each["name"] == backup.name] == [backup.cloud_id]


@pytest.mark.parametrize("at", ["received", "applied"])
@pytest.mark.parametrize("silence", SILENCES)
def test_row_14_a_call_that_ends_in_silence_is_looked_for(backup, simulator, silence, at):
    simulator.fault(operation="create_backup", at=at, **SILENCES[silence])
    assert_ambiguous_and_settled_by_one_backup(backup, simulator)


def test_row_14_half_a_reply_is_looked_for(backup, simulator):
    simulator.fault(operation="create_backup", at="reply", action="half")
    assert_ambiguous_and_settled_by_one_backup(backup, simulator)


@pytest.mark.parametrize("at", ["received", "applied"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_row_15_a_server_error_is_looked_for_and_never_simply_tried_again(backup, simulator, status, at):
    simulator.fault(operation="create_backup", at=at, action="status", status=status)
    assert_ambiguous_and_settled_by_one_backup(backup, simulator)
    assert len(simulator.history("create_backup")) == (1 if at == "applied" else 2)
