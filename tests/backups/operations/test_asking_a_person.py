"""When a person is asked about a backup, and what follows from the answer (faults.md, rule 4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Status
from backups.operations import searching, settling
from tests.backups.operations.conftest import read


def test_only_after_a_first_call_may_a_namesake_be_our_own():
    taken = cloud.CloudRefused("taken", may_be_our_own_call=True)
    told = [searching.may_be_our_own_call(Backup(fence=fence), taken) for fence in (1, 2, 3)]
    assert told == [False, True, True]


@pytest.mark.parametrize(("seconds", "looks", "is_asked"), [(598, 9, False), (600, 9, True), (600, 1, False)])
def test_a_person_is_asked_after_ten_minutes_and_three_whole_lists(lose, seconds, looks, is_asked):
    backup = lose()
    at = backup.unconfirmed_since + timedelta(seconds=seconds)
    Backup.objects.filter(pk=backup.pk).update(looks=looks, next_action_at=at)
    searching.look(backup.pk, at=at)
    assert (read(backup).needs_decision_at is not None) == is_asked


def test_the_third_whole_list_is_enough(lose):
    backup = lose()
    at = backup.unconfirmed_since + timedelta(seconds=600)
    Backup.objects.filter(pk=backup.pk).update(looks=2, next_action_at=at)
    searching.look(backup.pk, at=at)
    assert read(backup).needs_decision_at == at


def test_what_is_sent_again_is_sent_at_once(asked, hints, dba):
    at = asked.needs_decision_at + timedelta(seconds=1)
    assert hints(settling.send_again, asked, by=dba, at=at) == [("look", str(asked.pk), None)]
    assert hints(searching.look, asked.pk, at=at) == [("submit", str(asked.pk), None)]
    sent = read(asked)
    assert (sent.status, sent.next_action_at) == (Status.QUEUED, at)
    assert sent.next_watch_at == at + timedelta(minutes=10)


def test_the_next_in_line_goes_when_a_person_closes(asked, hints, dba, ask):
    second = ask(asked.instance, "after-release", at=timezone.now())
    assert hints(settling.close, asked, by=dba, at=timezone.now()) == [("submit", str(second.pk), None)]


@pytest.mark.parametrize(("hours", "goes_on"), [(23.9, True), (24, False)])
def test_a_backup_that_was_never_found_is_looked_for_24_hours(asked, hours, goes_on):
    at = asked.unconfirmed_since + timedelta(hours=hours)
    Backup.objects.filter(pk=asked.pk).update(next_action_at=at)
    searching.look(asked.pk, at=at)
    assert read(asked).next_action_at == (at + timedelta(minutes=10) if goes_on else None)


def test_before_it_is_sent_again_a_list_that_fails_is_read_anew_five_seconds_later(asked, dba, simulator):
    at = asked.needs_decision_at + timedelta(seconds=1)
    settling.send_again(asked, by=dba, at=at)
    simulator.fault(operation="list_backups", times=1, action="status", status=500)
    searching.look(asked.pk, at=at)
    assert read(asked).next_action_at == at + timedelta(seconds=5)


@pytest.mark.parametrize(("minutes", "is_ours"), [(-15.5, False), (-14.5, True), (1, True)])
def test_a_namesake_that_began_long_before_our_call_is_not_ours(asked, monkeypatch, minutes, is_ours):
    began = asked.attempts.get().started_at + timedelta(minutes=minutes)
    record = cloud.BackupRecord(id="b-1", name=asked.name, begin_time=began)
    monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda _self, **_window: [record])
    assert bool(searching.search(asked, at=began)) == is_ours


def test_the_earliest_of_several_that_may_be_ours_is_taken_and_one_without_a_beginning_last(
    asked, monkeypatch
):
    began = asked.attempts.get().started_at
    times = {"late": began + timedelta(minutes=1), "early": began, "unknown": None}
    records = [cloud.BackupRecord(id=each, name=asked.name, begin_time=at) for each, at in times.items()]
    monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda _self, **_window: records)
    assert [hit.id for hit in searching.search(asked, at=began)] == ["early", "late", "unknown"]
