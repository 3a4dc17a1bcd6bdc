"""Following many backups, syncing instances, and the demo."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from backups.models import Attempt, Backup, Instance, Project, Source, Status, User
from backups.operations import demo, inventory, progress, reach, submission, trial
from backups.operations.rights import RightError
from backups.secrecy.secret import Secret


def test_all_running_backups_of_a_project_cost_one_list_call(simulated, simulator, ask):
    now = timezone.now()
    running = [
        ask(instance, "before-release", at=now) for instance in simulated.instances.filter(status="normal")
    ]
    for backup in running:
        submission.submit(backup.pk)
    assert len(running) > 3
    progress.follow(simulated.pk, at=timezone.now() + timedelta(seconds=3))
    assert len(simulator.history("list_backups")) == 1


def test_two_who_follow_at_once_make_one_call(simulated, simulator, ask):
    backup = ask(simulated.instances.filter(status="normal")[0], "before-release", at=timezone.now())
    submission.submit(backup.pk)
    at = timezone.now() + timedelta(seconds=3)
    progress.follow(simulated.pk, at=at)
    progress.follow(simulated.pk, at=at)
    assert len(simulator.history("list_backups")) == 1


def test_a_list_that_fails_changes_nothing_but_the_next_time(simulated, simulator, ask):
    backup = ask(simulated.instances.filter(status="normal")[0], "before-release", at=timezone.now())
    submission.submit(backup.pk)
    simulator.fault(operation="list_backups", at="received", action="status", status=503)
    at = timezone.now() + timedelta(seconds=3)
    progress.follow(simulated.pk, at=at)
    backup.refresh_from_db()
    assert (backup.status, backup.next_action_at) == (Status.BUILDING, at + timedelta(seconds=5))


def test_the_next_in_line_goes_when_the_first_is_done(simulated, simulator, ask):
    instance = simulated.instances.filter(status="normal")[0]
    first = ask(instance, "first-one", at=timezone.now())
    second = ask(instance, "second-one", at=timezone.now())
    submission.submit(first.pk)
    submission.submit(second.pk)
    assert Backup.objects.get(pk=second.pk).status == Status.QUEUED
    simulator.advance(7200)
    later = timezone.now() + timedelta(seconds=3)
    progress.follow(simulated.pk, at=later)
    submission.submit(second.pk, clock=lambda: later)
    assert Backup.objects.get(pk=second.pk).status == Status.BUILDING


def test_a_sync_that_fails_marks_nothing_as_gone_and_says_why(simulated, simulator):
    simulator.fault(operation="list_instances", at="received", action="status", status=500)
    Project.objects.update(next_sync_at=timezone.now())
    inventory.sync(simulated.pk, at=timezone.now())
    simulated.refresh_from_db()
    assert "DBS.108000" in simulated.sync_error
    assert not Instance.objects.exclude(gone_at=None).exists()


def test_the_connection_test_shows_each_step_and_clears_an_old_failure(simulated, admin, dba):
    reach.note_sign_in_failed(simulated, "once", at=timezone.now())
    steps = trial.test(simulated, by=admin, at=timezone.now())
    assert [(step.key, step.is_ok) for step in steps] == [
        (key, True) for key in ("resolve", "tls", "clock", "sign_in", "list")
    ]
    simulated.credential.refresh_from_db()
    assert (simulated.credential.failed_at, simulated.credential.failure) == (None, "")
    with pytest.raises(RightError):
        trial.test(simulated, by=dba, at=timezone.now())


@pytest.mark.django_db
def test_the_demo_is_a_teams_past_with_people_reasons_and_attempts(simulator, settings):
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    keys = {
        "endpoint": simulator.endpoint,
        "iam_endpoint": simulator.endpoint,
        "projects": simulator.projects,
    }
    manual = simulator.backups(simulator.projects[0]["project_id"], has_past=True)
    failed = next(row["id"] for row in manual if row["type"] == "manual" and not row["deleted_at"])
    simulator.set_backup_status(failed, "FAILED")
    accesses = demo.read_access(keys)
    assert demo.load(accesses, password=Secret("a long demo password"), at=timezone.now())
    assert {"dba", "lead", "admin", "auditor"} <= set(User.objects.values_list("username", flat=True))
    assert User.objects.get(username="dba").check_password("a long demo password")
    waiting = Backup.objects.filter(status=Status.AWAITING_APPROVAL)
    told = waiting.values_list("team__slug", "policy_name", "requested_by__username")
    assert set(told) == {("payments", "Production", "dba")}
    here = Backup.objects.filter(source=Source.HERE).exclude(pk__in=waiting)
    assert "backup lock" in here.get(cloud_id=failed).error_message
    assert here.count() == Attempt.objects.count() > 0
    assert_told_as_it_was(here)
    assert Backup.objects.filter(source=Source.AUTOMATIC).count() > here.count()
    assert not demo.load(accesses, password=Secret("another password"), at=timezone.now())


def assert_told_as_it_was(here: QuerySet[Backup]) -> None:
    """Who asked, and each step of it in its order, for every backup of the past."""
    assert set(here.values_list("requested_by__username", flat=True)) >= {"dba", "mei", "jonas"}
    assert {row.instance.environment for row in here} > {"production"}
    for backup in here:
        events = list(backup.events.order_by("id"))
        attempt = backup.attempts.get()
        assert [row.at for row in events] == sorted(row.at for row in events)
        assert events[0].at == backup.requested_at < attempt.started_at < events[2].at == attempt.finished_at
        assert (events[-1].verb, events[-1].to_status) == (backup.status.lower(), backup.status)
        assert events[-1].at == backup.end_time
        assert {row.data["attempt"] for row in events[1:3]} == {attempt.number} == {backup.fence}
