"""A refusal may tell of an earlier call of our own (faults.md, rule 3)."""

import pytest
from django.utils import timezone

from backups.models import Backup, Status
from backups.operations import claims, connections, outcomes, submission

TAKEN = {
    "operation": "create_backup",
    "at": "received",
    "action": "status",
    "status": 409,
    "code": "DBS.201209",
}


@pytest.fixture
def backup(simulated, ask):
    """A backup whose first call was told to come later, though the cloud carried it out."""
    instance = simulated.instances.filter(status="normal").order_by("volume_gb")[0]
    return ask(instance, "before-release", at=timezone.now())


def submit_again(backup: Backup) -> Backup:
    Backup.objects.filter(pk=backup.pk, status=Status.QUEUED).update(next_action_at=timezone.now())
    submission.submit(backup.pk)
    return Backup.objects.get(pk=backup.pk)


def test_our_own_earlier_call_is_adopted_when_the_cloud_says_that_the_name_exists(backup, simulator):
    told_later = {"status": 429, "code": "APIGW.0308"}
    simulator.fault(operation="create_backup", at="applied", action="status", **told_later)
    assert submit_again(backup).status == Status.QUEUED
    backup = submit_again(backup)
    [made] = simulator.backups(backup.instance.project.project_id)
    assert (backup.status, backup.cloud_id) == (Status.BUILDING, made["id"])


def test_a_list_that_fails_leaves_it_open_whether_the_call_was_ours(backup, simulator):
    simulator.fault(operation="create_backup", at="applied", action="status", status=429, code="APIGW.0308")
    assert submit_again(backup).status == Status.QUEUED
    simulator.fault(operation="list_backups", at="received", action="status", status=500)
    assert submit_again(backup).status == Status.UNCONFIRMED


def test_a_namesake_before_our_first_call_is_somebody_elses(backup, simulator):
    simulator.fault(**TAKEN)
    backup = submit_again(backup)
    assert (backup.status, backup.error_code) == (Status.REFUSED, "DBS.201209")
    assert simulator.history("list_backups") == []


def test_a_result_that_comes_too_late_changes_only_its_own_attempt(backup, simulator):
    claimed = claims.claim(backup.pk, at=timezone.now())
    assert claimed
    assert claimed.backup.lease_until
    claims.expire_lease(backup.pk, at=claimed.backup.lease_until)
    record = connections.client_for(claimed.backup.instance.project).create_backup(
        instance_id=claimed.backup.instance.cloud_id, name=backup.name
    )
    outcomes.write_accepted(claimed.attempt, record, at=timezone.now(), verb="accepted")
    backup.refresh_from_db()
    assert (backup.status, backup.cloud_id) == (Status.UNCONFIRMED, None)
    assert backup.attempts.get().outcome == "accepted"


def test_two_backups_of_our_name_link_the_earliest_and_tell_a_person(backup, simulator):
    simulator.fault(operation="create_backup", at="applied", action="status", status=429, code="APIGW.0308")
    assert submit_again(backup).status == Status.QUEUED
    [second] = simulator.backups(backup.instance.project.project_id)
    earlier = {"instance_id": second["instance_id"], "name": backup.name, "age_seconds": 60}
    first = simulator.control("backups", earlier)["id"]
    simulator.fault(**TAKEN)
    backup = submit_again(backup)
    assert (backup.status, backup.cloud_id) == (Status.BUILDING, first)
    assert (backup.alarm, backup.alarm_detail) == ("duplicate", second["id"])


def test_a_name_that_is_taken_by_nobody_in_the_list_is_refused_after_the_look(backup, simulator):
    simulator.fault(operation="create_backup", at="received", action="status", status=429, code="APIGW.0308")
    assert submit_again(backup).status == Status.QUEUED
    simulator.fault(**TAKEN)
    backup = submit_again(backup)
    assert (backup.status, backup.error_code) == (Status.REFUSED, "DBS.201209")
    assert len(simulator.history("list_backups")) == 1


def test_too_many_calls_twice_says_nothing_about_an_earlier_call(backup, simulator):
    simulator.fault(operation="create_backup", at="received", action="status", status=429, code="APIGW.0308")
    assert submit_again(backup).status == Status.QUEUED
    told_later = {"status": 429, "code": "DBS.200019", "headers": {"Retry-After": "7"}}
    simulator.fault(operation="create_backup", at="received", action="status", **told_later)
    simulator.fault(operation="list_backups", at="received", action="status", status=500)
    assert submit_again(backup).status == Status.QUEUED
