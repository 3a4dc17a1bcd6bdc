"""How far a running backup is, by the cloud's job: shown where the cloud says, and never in the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups.models import Backup, Credential, Project, Source, Status
from backups.operations import jobs, progress, submission
from backups.queries import history
from tests.backups.operations.conftest import read


@pytest.fixture
def newer_api(smallest) -> Any:
    """The generation of the API that names the job."""
    Project.objects.update(api="v3")
    smallest.refresh_from_db()
    return smallest


@pytest.fixture
def running(newer_api, ask, simulator) -> Any:
    """A backup under way for longer than its job stays unknown."""
    backup = ask(newer_api, "before-release", at=timezone.now())
    submission.submit(backup.pk)
    simulator.set_backup_status(read(backup).cloud_id, "BUILDING")
    simulator.advance(5)
    return read(backup)


def follow(backup: Any) -> Any:
    progress.follow(backup.instance.project_id, at=backup.next_action_at)
    return read(backup)


def test_the_jobs_percentage_is_kept_and_shown(running, simulator):
    running = follow(running)
    assert running.progress_percent == 50
    [row] = history.read_rows(Backup.objects.filter(pk=running.pk))
    assert (row.progress_percent, row.job_percent) == (50, 50)
    assert row.seconds_left == pytest.approx(row.running_seconds(timezone.now()), abs=2)
    assert [call["operation"] for call in simulator.history()[-2:]] == ["list_backups", "show_job"]


def test_a_job_that_is_at_its_very_beginning_is_kept_as_that_and_asked_for_again(running, simulator):
    begun = '{"job": {"id": "a1b2c3", "status": "Running", "process": "0%"}}'
    simulator.fault(operation="show_job", at="reply", action="body", body=begun)
    running = follow(running)
    assert running.progress_percent == 0
    assert follow(running).progress_percent == 50


def test_a_job_at_its_beginning_tells_no_time(running):
    Backup.objects.filter(pk=running.pk).update(progress_percent=2)
    [row] = history.read_rows(Backup.objects.filter(pk=running.pk))
    assert (row.progress_percent, row.seconds_left) == (2, None)


def test_a_job_that_is_not_known_yet_says_nothing_and_the_next_is_asked_for(running, simulator, monkeypatch):
    monkeypatch.setattr(jobs, "to_ask", lambda rows: [*rows, *rows])
    unknown = {"status": 404, "code": "DBS.200001", "message": "No such job."}
    simulator.fault(operation="show_job", action="status", times=2, **unknown)
    running = follow(running)
    assert (running.progress_percent, running.status) == (None, Status.BUILDING)
    assert (Credential.objects.get().failures, len(simulator.history("show_job"))) == (0, 2)


def test_five_jobs_are_asked_for_in_a_round_those_of_which_least_is_known():
    known = [3, 1, None, 80, 70, 60, 50]
    running = [Backup(source=Source.HERE, job_id="a1b2c3", progress_percent=percent) for percent in known]
    others = [Backup(source=Source.ELSEWHERE, job_id="a1b2c3"), Backup(source=Source.HERE)]
    assert [each.progress_percent for each in jobs.to_ask([*running, *others])] == [None, 1, 3, 50, 60]


def test_a_job_that_fails_to_answer_is_ignored_and_the_next_ones_wait(running, simulator, monkeypatch):
    monkeypatch.setattr(jobs, "to_ask", lambda rows: [*rows, *rows])
    simulator.fault(operation="show_job", action="status", status=500)
    running = follow(running)
    assert running.progress_percent is None
    assert len(simulator.history("show_job")) == 1


def test_a_credential_without_the_right_to_read_jobs_is_not_stopped_and_asks_no_more(running, simulator):
    simulator.fault(operation="show_job", action="status", status=403, code="APIGW.0302", times=0)
    for _ in range(3):
        running = follow(running)
    assert (Credential.objects.get().failures, len(simulator.history("show_job"))) == (0, 1)
    noted_at = timezone.now()
    jobs._left_alone[Credential.objects.get().pk] = noted_at + jobs.WITHOUT_RIGHTS
    for later, asked in ((timedelta(minutes=59, seconds=59), 1), (timedelta(hours=1), 2)):
        jobs.ask(Project.objects.get(), [running], at=noted_at + later)
        assert len(simulator.history("show_job")) == asked


def test_a_credential_that_is_refused_is_noted_as_everywhere(running, simulator, monkeypatch):
    monkeypatch.setattr(jobs, "to_ask", lambda rows: [*rows, *rows])
    simulator.fault(operation="show_job", action="status", status=401, code="APIGW.0301", times=0)
    follow(running)
    assert Credential.objects.get().failures == 1


def test_the_end_takes_the_percentage_away(running, simulator):
    running = follow(running)
    simulator.set_backup_status(running.cloud_id, "COMPLETED")
    running = follow(running)
    assert (running.status, running.progress_percent) == (Status.COMPLETED, None)


def test_a_round_asks_few_jobs_those_least_known_first():
    rows = [Backup(job_id=f"job-{number}", progress_percent=number or None) for number in range(9)]
    asked = jobs.to_ask([*reversed(rows), Backup(job_id=""), Backup(job_id="x", source="elsewhere")])
    assert [row.job_id for row in asked] == [f"job-{number}" for number in range(jobs.AT_A_TIME)]


def test_what_hangs_for_days_is_asked_for_alone(running, simulator):
    Backup.objects.filter(pk=running.pk).update(begin_time=timezone.now() - timedelta(days=30))
    before = len(simulator.history("list_backups"))
    follow(running)
    [call] = simulator.history("list_backups")[before:]
    assert f"backup_id={running.cloud_id}" in call["target"]


def test_somebodys_request_goes_before_a_job(running, ask, simulator):
    ask(running.instance, "asked-for-meanwhile", at=running.next_action_at)
    follow(running)
    assert simulator.history()[-1]["operation"] == "list_backups"
