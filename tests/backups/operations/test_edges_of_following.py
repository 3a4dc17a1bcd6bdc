"""What one list says of each running backup, and when the next list is read."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backups import cloud
from backups.models import Backup, Event, Status
from backups.operations import alarms, pace, progress, reach
from tests.backups.operations.conftest import follow, read

HOUR = timedelta(hours=1)


def test_the_list_is_asked_for_from_an_hour_before_the_first_until_a_day_ahead(two, monkeypatch):
    asked: list[dict[str, Any]] = []

    def list_backups(_client: Any, **window: Any) -> list[Any]:
        asked.append(window)
        return []

    monkeypatch.setattr(cloud.CloudClient, "list_backups", list_backups)
    at = two[0].next_action_at
    progress.follow(two[0].instance.project_id, at=at)
    begun = min(backup.begin_time for backup in two)
    assert asked == [{"begin_time": begun - HOUR, "end_time": at + timedelta(days=1)}]


def test_what_ended_keeps_no_other_waiting_and_a_worker_is_told_when_to_read_on(two, simulator, hints):
    ended, running = two
    simulator.set_backup_status(ended.cloud_id, "COMPLETED")
    at = max(backup.next_action_at for backup in two)
    told = hints(progress.follow, ended.instance.project_id, at=at)
    assert (read(ended).status, read(running).status) == (Status.COMPLETED, Status.BUILDING)
    wait = (read(running).next_action_at - at).total_seconds()
    assert wait >= pace.FIRST_FOLLOW.total_seconds()
    assert told == [("follow", str(ended.instance.project_id), wait)]


def test_when_the_last_has_ended_nobody_reads_on(two, simulator, hints):
    for backup in two:
        simulator.set_backup_status(backup.cloud_id, "COMPLETED")
    at = max(backup.next_action_at for backup in two)
    assert hints(progress.follow, two[0].instance.project_id, at=at) == []


def test_while_one_reads_the_rows_are_out_of_reach_of_others(two, monkeypatch):
    at = max(backup.next_action_at for backup in two)
    seen: list[datetime] = []

    def admit(_project: Any, *, at: datetime) -> reach.Hold:
        seen.extend(read(backup).next_action_at for backup in two)
        return reach.Hold(at + HOUR, "", "")

    monkeypatch.setattr(reach, "admit", admit)
    progress.follow(two[0].instance.project_id, at=at)
    assert seen == [at + pace.lease()] * 2
    assert [read(backup).next_action_at for backup in two] == [at + HOUR] * 2


@pytest.mark.parametrize(("entries", "pages"), [(2, 1), (99, 1), (100, 2)])
def test_the_more_pages_the_list_has_the_more_rarely_it_is_read(two, settings, simulator, entries, pages):
    settings.CLOUD_CALLS_PER_SECOND = 0.1
    one = two[0].instance
    since = (min(backup.begin_time for backup in two) - HOUR).timestamp()
    # The simulated past may have one of the last hour as well.
    past = simulator.backups(one.project.project_id, has_past=True)
    shown = sum(each["begin_at"] >= since for each in past)
    for number in range(entries - shown):
        told = {"instance_id": one.cloud_id, "name": f"other-{number}", "status": "COMPLETED"}
        simulator.control("backups", told)
    at = max(backup.next_action_at for backup in two)
    follow(two[0], at)
    assert read(two[0]).next_action_at == at + timedelta(seconds=20 * pages)


def test_what_one_list_misses_is_looked_for_at_the_usual_pace(two, simulator):
    simulator.control(f"backups/{two[0].cloud_id}", {"is_deleted": True})
    at = max(backup.next_action_at for backup in two)
    missing = follow(two[0], at)
    assert at + pace.FIRST_FOLLOW <= missing.next_action_at <= at + pace.SLOWEST_FOLLOW


def test_it_has_vanished_when_the_horizon_is_reached_to_the_second(two, simulator):
    simulator.control(f"backups/{two[0].cloud_id}", {"is_deleted": True})
    at = max(backup.next_action_at for backup in two)
    first = follow(two[0], at)
    Backup.objects.filter(pk=first.pk).update(looks=2, next_action_at=at + pace.look_horizon())
    assert follow(first, at + pace.look_horizon()).status == Status.VANISHED


def test_an_overdue_backup_is_read_once_an_hour(two):
    hours = two[0].team.overdue_hours
    at = two[0].begin_time + timedelta(hours=hours)
    assert follow(two[0], at).next_action_at == at + HOUR
    assert read(two[0]).alarm == "overdue"


def test_what_a_person_has_seen_to_have_gone_back_sounds_no_second_time(two, simulator, lead):
    ended, running = two
    simulator.set_backup_status(ended.cloud_id, "COMPLETED")
    at = max(backup.next_action_at for backup in two)
    follow(ended, at)
    simulator.set_backup_status(ended.cloud_id, "FAILED")
    for _ in range(2):
        at = read(running).next_action_at
        follow(running, at)
        assert read(ended).alarm in ("went_back", "")
        alarms.acknowledge(read(ended), by=lead, at=at)
    assert Event.objects.filter(backup=ended, verb="alarm_went_back").count() == 1
    assert read(ended).alarm == ""


def test_what_stands_as_it_ended_sounds_no_alarm_though_its_word_is_new(two, simulator):
    ended, running = two
    simulator.set_backup_status(ended.cloud_id, "COMPLETED")
    follow(ended, max(backup.next_action_at for backup in two))
    Backup.objects.filter(pk=ended.pk).update(raw_status="")
    follow(running, read(running).next_action_at)
    assert read(ended).alarm == ""
