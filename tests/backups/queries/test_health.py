"""What is not well, and what is not worth frightening anybody about."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Project, Pulse
from backups.operations import pulses, reach
from backups.queries import health


@pytest.fixture
def at() -> datetime:
    """A site that has been there for an hour."""
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def alive(db, at) -> None:
    """Reconciler and worker have just shown life."""
    beat("reconciler", at - timedelta(seconds=5))
    beat("worker", at - timedelta(seconds=15))


def beat(name: str, at: datetime | None = None, *, failed_at: datetime | None = None) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"at": at, "failed_at": failed_at})


def kinds(user, at) -> list[str]:
    return [problem.kind for problem in health.problems(user, at=at)]


def test_nothing_is_told_while_everything_lives(alive, dba, project, at):
    assert kinds(dba, at) == []


def test_a_site_that_just_starts_frightens_nobody_and_one_that_never_started_does(dba):
    assert kinds(dba, dba.date_joined + timedelta(seconds=59)) == []
    assert kinds(dba, dba.date_joined + timedelta(seconds=61)) == ["reconciler"]


def test_a_silent_reconciler_is_told_after_thirty_seconds(alive, dba, at):
    beat("reconciler", at - timedelta(seconds=30))
    assert kinds(dba, at) == []
    beat("reconciler", at - timedelta(seconds=31))
    [problem] = health.problems(dba, at=at)
    assert (problem.kind, problem.since) == ("reconciler", at - timedelta(seconds=31))
    assert "Nothing is lost" in problem.meaning


def test_a_worker_that_no_message_reaches_is_told_after_a_minute(alive, dba, at):
    beat("worker", at - timedelta(seconds=60))
    assert kinds(dba, at) == []
    beat("worker", at - timedelta(seconds=61))
    [problem] = health.problems(dba, at=at)
    assert (problem.kind, problem.since) == ("queue", at - timedelta(seconds=61))
    assert not problem.is_urgent


def test_a_message_that_could_not_be_sent_is_told_until_one_comes_through_again(alive, dba, at):
    beat("queue", at, failed_at=at - timedelta(seconds=10))
    assert kinds(dba, at) == ["queue"]
    pulses.answer(at=at)
    assert kinds(dba, at) == []


def test_a_silent_reconciler_sends_no_messages_so_the_queue_is_not_blamed(dba, at):
    beat("reconciler", at - timedelta(hours=1))
    beat("worker", at - timedelta(hours=1))
    assert kinds(dba, at) == ["reconciler"]


def test_both_silent_is_urgent_and_says_that_nothing_goes_on(dba, at):
    beat("reconciler", at - timedelta(hours=1))
    beat("queue", failed_at=at)
    first, second = health.problems(dba, at=at)
    assert (first.kind, first.is_urgent, second.kind) == ("reconciler", True, "queue")
    assert "nothing goes on" in first.meaning


def test_a_cloud_that_does_not_answer_is_told_to_its_team_alone(alive, dba, stranger, project, at):
    for _ in range(reach.FAILURES_BEFORE_PAUSE):
        reach.note_error(project, cloud.CloudNotSent(), at=at)
    [problem] = health.problems(dba, at=at)
    assert (problem.kind, problem.project, problem.since) == ("cloud", project.pk, at)
    assert "payments-north" in problem.title
    assert health.problems(stranger, at=at) == []
    reach.note_answer(Project.objects.get(), at=at)
    assert kinds(dba, at) == []


def test_a_failing_credential_becomes_urgent_once_it_waits_for_a_person(alive, dba, project, at):
    told = []
    for _ in range(3):
        reach.note_sign_in_failed(project, "Incorrect IAM authentication.", at=at)
        told += [(problem.kind, problem.is_urgent) for problem in health.problems(dba, at=at)]
    assert told == [("credential", False), ("credential", False), ("credential", True)]
    [problem] = health.problems(dba, at=at)
    assert "Incorrect IAM authentication." in problem.meaning
    assert "tests the connection" in problem.remedy


def test_a_wrong_clock_is_told_by_its_skew(alive, dba, project, at):
    reach.note_sign_in_failed(project, "refused", skew=1200.0, at=at)
    [problem] = health.problems(dba, at=at)
    assert problem.kind == "clock"
    assert "20 minutes ahead" in problem.meaning
    assert "NTP" in problem.remedy


def test_it_is_one_query_while_all_is_well(alive, dba, project, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert health.problems(dba, at=at) == []


def test_it_is_two_queries_however_much_is_wrong(dba, project, at, django_assert_num_queries):
    reach.note_sign_in_failed(project, "refused", skew=1200.0, at=at)
    with django_assert_num_queries(2):
        assert len(health.problems(dba, at=at)) == 2
