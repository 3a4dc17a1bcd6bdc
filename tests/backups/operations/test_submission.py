"""From QUEUED to what the cloud says, with a cloud that may say anything (faults.md, rule 3)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Attempt, Backup, Credential, Outcome, Status
from backups.operations import pace, progress, searching, submission


@pytest.fixture
def instance(simulated):
    """The smallest instance that takes backups."""
    return simulated.instances.filter(status="normal").order_by("volume_gb")[0]


@pytest.fixture
def backup(instance, ask):
    """A backup that was asked for just now."""
    return ask(instance, "before-release", at=timezone.now())


def submit(backup: Backup) -> tuple[Backup, Attempt]:
    submission.submit(backup.pk)
    return Backup.objects.get(pk=backup.pk), backup.attempts.order_by("-number")[0]


def in_cloud(simulator, backup: Backup) -> list[dict]:
    return [
        row for row in simulator.backups(backup.instance.project.project_id) if row["name"] == backup.name
    ]


def test_an_accepted_call_is_building_with_the_clouds_id_and_its_evidence(simulator, backup):
    backup, attempt = submit(backup)
    [made] = in_cloud(simulator, backup)
    assert (backup.status, backup.cloud_id, backup.raw_status) == (Status.BUILDING, made["id"], "BUILDING")
    assert (attempt.outcome, attempt.http_status) == (Outcome.ACCEPTED, 202)
    assert attempt.request["name"] == backup.name
    assert made["id"] in attempt.reply
    assert Credential.objects.get().verified_at


def test_a_refusal_keeps_the_clouds_code_and_words_and_adds_a_remedy(simulator, backup):
    simulator.fault(
        operation="create_backup",
        at="received",
        action="status",
        status=403,
        code="DBS.200010",
        message="No.",
    )
    backup, attempt = submit(backup)
    assert (backup.status, attempt.outcome) == (Status.REFUSED, Outcome.REFUSED)
    assert (backup.error_code, backup.error_message) == ("DBS.200010", "No.")
    assert backup.error_remedy
    assert attempt.request_id


@pytest.mark.parametrize(("at", "made"), [("received", 0), ("applied", 1)])
@pytest.mark.parametrize(
    "fault", [{"action": "status", "status": 500}, {"action": "drop"}, {"action": "half"}]
)
def test_an_unclear_answer_is_looked_for_and_never_sent_again(simulator, backup, at, made, fault):
    point = "reply" if fault["action"] == "half" and made else at
    simulator.fault(operation="create_backup", at=point, **fault)
    backup, attempt = submit(backup)
    assert (backup.status, attempt.outcome) == (Status.UNCONFIRMED, Outcome.AMBIGUOUS)
    assert len(in_cloud(simulator, backup)) == made
    searching.look(backup.pk, at=timezone.now() + timedelta(seconds=3))
    backup.refresh_from_db()
    assert backup.status == (Status.BUILDING if made else Status.UNCONFIRMED)
    assert backup.cloud_id == (in_cloud(simulator, backup)[0]["id"] if made else None)
    assert len(simulator.history("create_backup")) == 1


def test_a_list_that_fails_is_never_a_no(simulator, backup):
    simulator.fault(operation="create_backup", at="received", action="status", status=500)
    backup, _ = submit(backup)
    simulator.fault(operation="list_backups", at="received", action="status", status=500)
    searching.look(backup.pk, at=timezone.now() + timedelta(seconds=3))
    backup.refresh_from_db()
    assert (backup.looks, backup.status) == (0, Status.UNCONFIRMED)


def test_after_ten_minutes_of_looking_in_vain_a_person_is_asked_and_nothing_is_sent(simulator, backup):
    simulator.fault(operation="create_backup", at="received", action="drop")
    backup, _ = submit(backup)
    at = timezone.now()
    while backup.needs_decision_at is None:
        at = max(at, backup.next_action_at)
        searching.look(backup.pk, at=at)
        backup.refresh_from_db()
    assert at - backup.unconfirmed_since >= pace.look_horizon() - pace.SLACK
    assert (backup.status, backup.looks >= 3) == (Status.UNCONFIRMED, True)
    assert backup.next_action_at == at + pace.LOOK_AFTER_ASKING
    assert len(simulator.history("create_backup")) == 1


def test_told_to_come_later_waits_as_long_as_the_cloud_asks(simulator, backup):
    simulator.fault(
        operation="create_backup", at="received", action="status", status=429, code="APIGW.0308",
        headers={"Retry-After": "17"},
    )  # fmt: skip
    backup, attempt = submit(backup)
    assert (backup.status, attempt.outcome) == (Status.QUEUED, Outcome.LATER)
    assert 16 < (backup.next_action_at - timezone.now()).total_seconds() <= 17


def test_a_wrong_key_stops_the_credential_and_leaves_the_backup_waiting(simulator, backup):
    simulator.fault(
        operation="create_backup", at="received", action="status", status=401, code="APIGW.0301",
        message="verify aksk signature fail",
    )  # fmt: skip
    backup, attempt = submit(backup)
    assert (backup.status, attempt.outcome) == (Status.QUEUED, Outcome.SIGN_IN_FAILED)
    assert Credential.objects.get().failed_at
    submission.submit(backup.pk)
    assert len(simulator.history("create_backup")) == 1


def test_the_cloud_follows_to_completed_with_its_size_and_times(simulator, backup):
    backup, _ = submit(backup)
    progress.follow(backup.instance.project_id, at=backup.next_action_at)
    assert Backup.objects.get(pk=backup.pk).status == Status.BUILDING
    simulator.advance(3600)
    progress.follow(backup.instance.project_id, at=timezone.now() + timedelta(minutes=1))
    backup.refresh_from_db()
    assert (backup.status, backup.raw_status, backup.next_action_at) == (Status.COMPLETED, "COMPLETED", None)
    assert backup.size_mb
    assert backup.end_time > backup.begin_time


def test_a_failure_in_the_cloud_is_the_clouds_word(simulator, backup):
    backup, _ = submit(backup)
    simulator.set_backup_status(backup.cloud_id, "FAILED")
    progress.follow(backup.instance.project_id, at=backup.next_action_at)
    assert Backup.objects.get(pk=backup.pk).status == Status.FAILED


def test_an_unknown_status_decides_nothing_and_is_shown_raw(simulator, backup):
    backup, _ = submit(backup)
    simulator.set_backup_status(backup.cloud_id, "PONDERING")
    progress.follow(backup.instance.project_id, at=backup.next_action_at)
    backup.refresh_from_db()
    assert (backup.status, backup.raw_status) == (Status.BUILDING, "PONDERING")
