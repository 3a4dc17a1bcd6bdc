"""What we follow is taken away in the cloud (faults.md, row 26)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Credential, Project, Status
from backups.operations import inventory, pace, progress, trial
from tests.faults.steps import some_of, submit

EMPTY = '{"backups": [], "total_count": 0}'


@pytest.fixture
def backup(simulated, simulator, ask) -> Backup:
    """A backup that the cloud builds for as long as it likes."""
    [instance] = some_of(simulated, 1)
    backup = submit(ask(instance, "before-release", at=timezone.now()))
    assert backup.cloud_id
    simulator.set_backup_status(backup.cloud_id, "BUILDING")
    return backup


def follow(backup: Backup) -> datetime:
    """Follow it at its own time; when that was."""
    backup.refresh_from_db()
    assert backup.next_action_at
    at = backup.next_action_at
    progress.follow(backup.instance.project_id, at=at)
    backup.refresh_from_db()
    return at


def follow_to_the_end(backup: Backup, *, most: int = 100) -> tuple[datetime, int]:
    """Follow it until nothing is due; when that was, and how often."""
    for count in range(1, most):
        at = follow(backup)
        if backup.next_action_at is None:
            return at, count
    raise AssertionError("it is followed for ever")


def test_row_26_a_deleted_backup_has_vanished_after_several_whole_lists_over_the_horizon(backup, simulator):
    simulator.control(f"backups/{backup.cloud_id}", {"is_deleted": True})
    first = follow(backup)
    assert (backup.status, backup.missing_since) == (Status.BUILDING, first)
    last, count = follow_to_the_end(backup)
    assert backup.status == Status.VANISHED
    assert last - first >= pace.look_horizon()
    assert count >= pace.LOOKS_BEFORE_ASKING - 1
    calls = len(simulator.history())
    progress.follow(backup.instance.project_id, at=last + timedelta(hours=1))
    assert len(simulator.history()) == calls


def test_row_26_few_lists_are_not_enough_however_far_apart(backup, simulator):
    simulator.control(f"backups/{backup.cloud_id}", {"is_deleted": True})
    first = follow(backup)
    Backup.objects.filter(pk=backup.pk).update(next_action_at=first + 2 * pace.look_horizon())
    follow(backup)
    assert (backup.status, backup.looks) == (Status.BUILDING, 2)


@pytest.mark.parametrize("times", [1, 2])
def test_row_26_an_empty_list_by_mistake_ends_nothing(backup, simulator, times):
    simulator.fault(operation="list_backups", at="reply", action="body", body=EMPTY, times=times)
    for _ in range(times):
        follow(backup)
        assert backup.missing_since
    follow(backup)
    assert (backup.status, backup.missing_since, backup.looks) == (Status.BUILDING, None, 0)


def test_row_26_a_list_that_failed_is_no_proof_of_absence(backup, simulator):
    simulator.control(f"backups/{backup.cloud_id}", {"is_deleted": True})
    simulator.fault(operation="list_backups", action="status", status=500, times=0)
    for _ in range(15):
        Project.objects.update(retry_at=None)
        follow(backup)
    assert (backup.status, backup.missing_since) == (Status.BUILDING, None)


def test_row_26_with_its_instance_a_building_backup_vanishes_and_the_next_is_cancelled(
    backup, simulated, simulator, ask
):
    following = ask(backup.instance, "in-line", at=timezone.now())
    simulator.control(f"backups/{backup.cloud_id}", {"is_deleted": True})
    simulator.control(f"instances/{backup.instance.cloud_id}", {"is_deleted": True})
    for at in (timezone.now(), timezone.now() + pace.look_horizon()):
        Project.objects.update(next_sync_at=at)
        inventory.sync(simulated.pk, at=at)
    last, _ = follow_to_the_end(backup)
    assert backup.status == Status.VANISHED
    following = submit(following, at=last)
    assert (following.status, following.next_action_at) == (Status.CANCELLED, None)
    assert "no longer in the cloud" in following.error_message
    assert len(simulator.history("create_backup")) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "APIGW.0301"), (403, "APIGW.0302"), (403, "APIGW.0303")],
    ids=["disabled", "without rights", "not allowed"],
)
def test_row_26_a_disabled_credential_stops_clearly_and_goes_on_after_a_test(
    backup, simulator, admin, status, code
):
    simulator.fault(operation="*", action="status", status=status, code=code, message="disabled", times=0)
    before = len(simulator.history())
    for _ in range(30):
        at = follow(backup)
    credential = Credential.objects.get()
    assert len(simulator.history()) - before == Credential.FAILURES_BEFORE_A_PERSON
    assert (credential.needs_a_person, bool(credential.failure)) == (True, True)
    assert backup.status == Status.BUILDING
    assert backup.next_action_at == at + pace.STOPPED

    simulator.clear_faults()
    assert backup.cloud_id
    simulator.set_backup_status(backup.cloud_id, "COMPLETED")
    project = Project.objects.get()
    assert all(step.is_ok for step in trial.test(project, by=admin, at=at))
    follow(backup)
    assert (backup.status, Credential.objects.get().failure) == (Status.COMPLETED, "")
