"""A sync never takes a call of our own for somebody else's backup, nor stands in the way of finding it."""

from datetime import timedelta

from django.utils import timezone

from backups import cloud
from backups.models import Alarm, Backup, Source, Status
from backups.operations import adopting, claims, searching, settling, submission, watching
from tests.backups.operations.conftest import look_until_asked, namesakes, read
from tests.fixtures.catalog import found

NAME = "before-release"


def test_a_backup_of_unknown_fate_is_left_to_the_looks(lost, sync, simulated, simulator):
    sync()
    assert namesakes(lost) == []
    searching.look(lost.pk, at=read(lost).next_action_at)
    assert read(lost).status in (Status.BUILDING, Status.COMPLETED)
    sync()
    assert namesakes(lost) == []
    assert simulator.history("create_backup")[0]["is_applied"]
    assert len(simulator.history("create_backup")) == 1


def test_a_call_under_way_is_left_alone_whatever_its_backup_is_called(smallest, sync, ask, plant):
    backup = ask(smallest, NAME, at=timezone.now())
    assert claims.claim(backup.pk, at=timezone.now())
    plant("a-name-of-the-clouds-own", instance=smallest, age=timedelta(0))
    plant(NAME, instance=smallest, age=timedelta(0))
    sync()
    names = {row.name for row in found(smallest.project)}
    assert names
    assert not names & {NAME, "a-name-of-the-clouds-own"}


def test_what_may_have_been_sent_by_a_database_that_is_lost_is_left_to_the_looks(smallest, ask, sync, plant):
    backup = ask(smallest, NAME, at=timezone.now())
    Backup.objects.filter(pk=backup.pk).update(looks_first=True)
    plant(NAME, instance=smallest, age=timedelta(0))
    sync()
    assert namesakes(backup) == []
    submission.submit(backup.pk)
    searching.look(backup.pk, at=read(backup).next_action_at)
    assert read(backup).status == Status.COMPLETED


def test_what_was_closed_and_may_still_arrive_is_left_to_the_watch(lose, simulator, sync, dba):
    backup = look_until_asked(lose(NAME, at="applied"))
    settling.close(backup, by=dba, at=backup.needs_decision_at)
    simulator.control("lag", {"seconds": 0})
    simulator.advance(7200)
    sync()
    assert namesakes(backup) == []
    watching.watch(backup.pk, at=read(backup).next_watch_at)
    assert read(backup).status == Status.COMPLETED


def test_the_late_twin_of_what_was_sent_again_is_told_before_it_gets_a_row(lose, simulator, sync, dba):
    backup = look_until_asked(lose(NAME, at="applied"))
    settling.send_again(backup, by=dba, at=backup.needs_decision_at)
    searching.look(backup.pk, at=backup.needs_decision_at)
    simulator.control("twins", {"allowed": True})
    at = read(backup).next_action_at
    submission.submit(backup.pk, clock=lambda: at)
    simulator.control("lag", {"seconds": 0})
    sync()
    assert namesakes(backup) == []
    watching.watch(backup.pk, at=read(backup).next_watch_at)
    assert read(backup).alarm == Alarm.DUPLICATE
    Backup.objects.filter(pk=backup.pk).update(next_watch_at=None)
    sync()
    assert [row.source for row in namesakes(backup)] == [Source.ELSEWHERE]


def test_a_namesake_from_before_our_first_call_is_somebody_elses(lost, sync, plant):
    plant(NAME, instance=lost.instance, age=timedelta(hours=1))
    sync()
    assert [row.source for row in namesakes(lost)] == [Source.ELSEWHERE]


def test_an_automatic_backup_is_never_a_call_of_ours(lost, sync, plant):
    plant(NAME, instance=lost.instance, age=timedelta(0), type="auto")
    sync()
    assert [row.source for row in namesakes(lost)] == [Source.AUTOMATIC]


def test_a_backup_made_elsewhere_is_waited_for(smallest, sync, plant, ask):
    plant("by-hand", instance=smallest, status="BUILDING", age=timedelta(0))
    sync()
    backup = ask(smallest, NAME, at=timezone.now())
    submission.submit(backup.pk)
    assert read(backup).status == Status.QUEUED


def test_what_cannot_be_told_apart_is_left_out(simulated, smallest):
    records = [
        cloud.BackupRecord(id="x" * 37, instance_id=smallest.cloud_id),
        cloud.BackupRecord(id="nowhere"),
    ]
    assert adopting.take(simulated, records, at=timezone.now()) == adopting.Taken(0, is_all=True)
    assert found(simulated) == []
