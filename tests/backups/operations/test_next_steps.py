"""Each step says when the next one is due, and tells a worker who need not wait for the reconciler."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups.models import Attempt, Backup, Outcome, Status
from backups.operations import claims, creation, pace, searching, submission
from tests.backups.operations.conftest import read


@pytest.fixture
def in_line(smallest, ask) -> tuple[Backup, Backup]:
    """Two backups of one instance; the second waits for the first."""
    now = timezone.now()
    return ask(smallest, "before-release", at=now), ask(
        smallest, "after-release", at=now + timedelta(seconds=1)
    )


def take_name(backup: Backup, simulator: Any) -> None:
    """Let the cloud have another backup of that name, so that it refuses ours."""
    told = {"instance_id": backup.instance.cloud_id, "name": backup.name, "status": "COMPLETED"}
    simulator.control("backups", told)


def due_in(backup: Any) -> float:
    """Seconds from now until the next step."""
    return (read(backup).next_action_at - timezone.now()).total_seconds()


def test_what_was_accepted_is_followed_two_seconds_later(in_line, hints):
    first, _ = in_line
    told = hints(submission.submit, first.pk)
    assert told == [("follow", str(first.instance.project_id), 2.0)]
    assert 0 < due_in(first) <= 2
    assert read(first).begin_time != read(first).requested_at


def test_the_next_in_line_goes_when_the_first_was_refused(in_line, hints, simulator):
    first, second = in_line
    take_name(first, simulator)
    told = hints(submission.submit, first.pk)
    assert read(first).status == Status.REFUSED
    assert ("submit", str(second.pk), None) in told


def test_who_is_not_next_waits_twenty_seconds(in_line, hints):
    first, second = in_line
    hints(submission.submit, first.pk)
    at = timezone.now()
    assert claims.claim(second.pk, at=at + timedelta(seconds=2)) is None
    assert read(second).next_action_at == at + timedelta(seconds=22)


def test_the_next_in_line_goes_when_the_first_may_not_be_sent_any_more(in_line, hints, payments):
    first, second = in_line
    payments.memberships.filter(user=first.requested_by).delete()
    told = hints(claims.claim, first.pk, at=timezone.now())
    assert read(first).status == Status.CANCELLED
    assert ("submit", str(second.pk), None) in told


def test_the_next_in_line_goes_when_the_first_is_cancelled(in_line, hints, dba):
    first, second = in_line
    told = hints(creation.cancel, first, by=dba, at=timezone.now())
    assert told == [("submit", str(second.pk), None)]


def test_an_answer_that_is_no_answer_is_looked_for_two_seconds_later(in_line, hints, simulator):
    first, _ = in_line
    simulator.fault(operation="create_backup", at="received", action="status", status=503)
    told = hints(submission.submit, first.pk)
    assert told == [("look", str(first.pk), 2.0)]
    attempt = Attempt.objects.get(backup=first)
    assert (attempt.outcome, attempt.http_status) == (Outcome.AMBIGUOUS, 503)
    assert attempt.error_message


def test_the_words_of_the_cloud_are_kept_with_the_attempt(in_line, simulator):
    first, _ = in_line
    take_name(first, simulator)
    submission.submit(first.pk)
    attempt = Attempt.objects.get(backup=first)
    assert attempt.outcome == Outcome.REFUSED
    assert attempt.error_code.startswith("DBS.")
    assert attempt.error_message == read(first).error_message


def test_what_is_found_building_is_followed_at_once(lose, hints, simulator, smallest):
    backup = lose(at="applied")
    simulator.control("lag", {"seconds": 0})
    told = hints(searching.look, backup.pk, at=backup.next_action_at)
    assert told == [("follow", str(smallest.project_id), None)]
    assert read(backup).next_action_at == backup.next_action_at


def test_what_is_found_completed_lets_the_next_in_line_go(lose, hints, simulator, ask, smallest):
    backup = lose(at="applied")
    second = ask(smallest, "after-release", at=timezone.now())
    [made] = simulator.backups(smallest.project.project_id)[-1:]
    simulator.set_backup_status(made["id"], "COMPLETED")
    simulator.control("lag", {"seconds": 0})
    told = hints(searching.look, backup.pk, at=backup.next_action_at)
    found = read(backup)
    assert found.status == Status.COMPLETED
    assert ("submit", str(second.pk), None) in told
    assert found.begin_time <= found.end_time
    assert abs(found.begin_time - timezone.now()) < timedelta(minutes=5)


def test_a_list_that_fails_is_asked_again_at_the_next_moment_and_counts_for_nothing(lose, hints, simulator):
    backup = lose()
    simulator.fault(operation="list_backups", times=0, action="status", status=500)
    at = backup.next_action_at
    told = hints(searching.look, backup.pk, at=at)
    after = read(backup)
    assert (after.looks, after.next_action_at) == (0, at + timedelta(seconds=3))
    assert told == [("look", str(backup.pk), 3.0)]


def test_while_one_looks_the_row_is_out_of_reach_of_others(lose, monkeypatch):
    backup = lose()
    seen: list[Any] = []

    def search(row: Any, *, at: Any) -> list[Any]:
        seen.append((read(row).next_action_at, searching._claim_look(row.pk, at=at)))
        return []

    monkeypatch.setattr(searching, "search", search)
    at = backup.next_action_at
    searching.look(backup.pk, at=at)
    assert seen == [(at + pace.lease(), None)]
