"""What arrives late, after a person's decision, is found (faults.md, rule 4)."""

from datetime import timedelta

import pytest

from backups.models import Alarm, Backup, Status
from backups.operations import claims, pace, reach, searching, settling, submission, watching
from tests.backups.operations.conftest import look_until_asked, read


@pytest.fixture
def late(lose) -> Backup:
    """A backup that a person is to decide about; it was made, and is not listed yet."""
    return look_until_asked(lose(at="applied"))


def closed(backup, dba):
    settling.close(backup, by=dba, at=backup.needs_decision_at)
    return read(backup)


def sent_again(backup, dba):
    settling.send_again(backup, by=dba, at=backup.needs_decision_at)
    searching.look(backup.pk, at=backup.needs_decision_at)
    return read(backup)


def appears(simulator, *, status: str = "COMPLETED") -> str:
    simulator.control("lag", {"seconds": 0})
    [made] = simulator.backups(simulator.projects[0]["project_id"])
    simulator.set_backup_status(made["id"], status)
    return made["id"]


def test_what_was_closed_is_taken_in_once_the_cloud_has_finished_it(late, dba, simulator):
    backup = closed(late, dba)
    cloud_id = appears(simulator)
    watching.watch(backup.pk, at=backup.next_watch_at)
    backup = read(backup)
    assert (backup.status, backup.cloud_id, backup.alarm) == (Status.COMPLETED, cloud_id, "")
    assert backup.begin_time <= backup.end_time


def test_what_was_closed_stays_so_while_the_cloud_builds_it(late, dba, simulator):
    backup = closed(late, dba)
    appears(simulator, status="BUILDING")
    at = backup.next_watch_at
    watching.watch(backup.pk, at=at)
    backup = read(backup)
    assert (backup.status, backup.cloud_id) == (Status.CANCELLED, None)
    assert at < backup.next_watch_at <= at + timedelta(minutes=2)


def test_what_was_sent_again_is_looked_for_before_the_second_call(late, dba, simulator):
    backup = sent_again(late, dba)
    cloud_id = appears(simulator)
    at = backup.next_watch_at
    watching.watch(backup.pk, at=at)
    submission.submit(backup.pk, clock=lambda: at)
    backup = read(backup)
    assert (backup.status, backup.fence) == (Status.UNCONFIRMED, 1)
    searching.look(backup.pk, at=backup.next_action_at)
    assert (read(backup).status, read(backup).cloud_id) == (Status.COMPLETED, cloud_id)
    assert len(simulator.history("create_backup")) == 1


def test_two_calls_that_both_went_through_are_told_to_a_person_and_both_stay(late, dba, simulator):
    backup = sent_again(late, dba)
    simulator.control("twins", {"allowed": True})
    at = backup.next_action_at
    submission.submit(backup.pk, clock=lambda: at)
    assert (read(backup).status, read(backup).alarm) == (Status.BUILDING, "")
    simulator.control("lag", {"seconds": 0})
    watching.watch(backup.pk, at=backup.next_watch_at)
    made = simulator.backups(simulator.projects[0]["project_id"])
    backup = read(backup)
    [twin] = {row["id"] for row in made} - {backup.cloud_id}
    assert len(made) == 2
    assert (backup.alarm, backup.alarm_detail) == (Alarm.DUPLICATE, twin)
    assert not any(row["deleted_at"] for row in made)


def test_a_call_that_is_being_made_again_is_left_alone(late, dba, simulator):
    backup = sent_again(late, dba)
    claims.claim(backup.pk, at=backup.next_action_at)
    appears(simulator)
    watching.watch(backup.pk, at=backup.next_watch_at)
    assert (read(backup).status, read(backup).alarm) == (Status.SUBMITTING, "")


def test_nothing_is_asked_before_its_time_and_by_one_process_only(late, dba, simulator):
    backup = closed(late, dba)
    asked = len(simulator.history("list_backups"))
    watching.watch(backup.pk, at=backup.next_watch_at - timedelta(seconds=1))
    assert len(simulator.history("list_backups")) == asked
    watching.watch(backup.pk, at=backup.next_watch_at)
    watching.watch(backup.pk, at=backup.next_watch_at)
    assert len(simulator.history("list_backups")) == asked + 1


def test_the_watch_ends_after_a_day_and_gives_the_name_back(asked, dba):
    backup = closed(asked, dba)
    ends = backup.unconfirmed_since + pace.LOOK_FOR
    watching.watch(backup.pk, at=ends - pace.LOOK_EACH)
    assert read(backup).next_watch_at == ends - pace.LOOK_EACH + max(pace.LOOK_EACH, pace.lease())
    watching.watch(backup.pk, at=read(backup).next_watch_at)
    assert (read(backup).status, read(backup).next_watch_at) == (Status.CANCELLED, None)


def test_a_list_that_fails_is_asked_again(late, dba, simulator):
    backup = closed(late, dba)
    appears(simulator)
    simulator.fault(operation="list_backups", at="received", action="status", status=500)
    watching.watch(backup.pk, at=backup.next_watch_at)
    assert read(backup).status == Status.CANCELLED
    watching.watch(backup.pk, at=read(backup).next_watch_at)
    assert read(backup).status == Status.COMPLETED


def test_a_cloud_that_is_left_alone_is_not_asked(late, dba, simulator):
    backup = closed(late, dba)
    appears(simulator)
    reach.note_sign_in_failed(backup.instance.project, "wrong key", at=backup.next_watch_at)
    asked = len(simulator.history("list_backups"))
    watching.watch(backup.pk, at=backup.next_watch_at)
    assert len(simulator.history("list_backups")) == asked
    assert read(backup).status == Status.CANCELLED
