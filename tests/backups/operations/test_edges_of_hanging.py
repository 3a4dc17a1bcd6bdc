"""Backups that run for days, a cloud that does not answer, and what other calls cost the next list."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backups import cloud
from backups.models import Alarm, Backup, Project, Source, Status
from backups.operations import pace, progress, reach
from tests.backups.operations.conftest import follow, read

MOMENT, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def asked_for(monkeypatch) -> list[dict[str, Any]]:
    """What lists are asked for; all of them are empty."""
    asked: list[dict[str, Any]] = []

    def list_backups(_client: Any, **wanted: Any) -> list[Any]:
        asked.append(wanted)
        return []

    monkeypatch.setattr(cloud.CloudClient, "list_backups", list_backups)
    return asked


def begin(backup: Backup, at: datetime) -> None:
    Backup.objects.filter(pk=backup.pk).update(begin_time=at, next_action_at=at)


def test_what_has_run_for_two_days_is_asked_for_alone(two, asked_for):
    at = max(backup.next_action_at for backup in two)
    hanging, running = two
    begin(hanging, at - 2 * DAY - MOMENT)
    begin(running, at - 2 * DAY)
    progress.follow(hanging.instance.project_id, at=at)
    assert asked_for == [
        {"begin_time": at - 2 * DAY - HOUR, "end_time": at + DAY},
        {"backup_id": hanging.cloud_id},
    ]
    assert [read(backup).looks for backup in two] == [1, 1]


def test_of_many_that_hang_five_are_asked_for_in_a_round(two, asked_for):
    at = max(backup.next_action_at for backup in two)
    seven = [
        Backup(
            instance=two[0].instance,
            team=two[0].team,
            source=Source.ELSEWHERE,
            status=Status.BUILDING,
            name=f"hanging-{number}",
            cloud_id=f"b{number}",
            requested_at=at - 3 * DAY,
            begin_time=at - 3 * DAY,
            next_action_at=at - number * HOUR,
        )
        for number in range(7)
    ]
    Backup.objects.bulk_create(seven)
    Backup.objects.filter(pk__in=[backup.pk for backup in two]).update(next_action_at=at + DAY)
    progress.follow(two[0].instance.project_id, at=at)
    assert asked_for == [{"backup_id": f"b{number}"} for number in (6, 5, 4, 3, 2)]


def test_while_it_is_asked_for_alone_it_is_out_of_reach_of_others(building, monkeypatch):
    seen: list[datetime] = []

    def admit(_project: Any, *, at: datetime) -> reach.Hold:
        seen.append(read(building).next_action_at)
        return reach.Hold(at + HOUR, "", "")

    at = building.next_action_at
    begin(building, at - 3 * DAY)
    monkeypatch.setattr(reach, "admit", admit)
    progress.follow(building.instance.project_id, at=at)
    assert seen == [at + pace.lease()]


@pytest.mark.parametrize(("failed", "seconds"), [(0, 5), (1, 5), (2, 5), (3, 10), (4, 20)])
def test_a_list_that_fails_is_asked_for_again_when_the_cloud_may_be(building, simulator, failed, seconds):
    Project.objects.update(calls_failed=failed)
    simulator.fault(operation="list_backups", action="status", status=503)
    at = building.next_action_at
    assert follow(building, at).next_action_at == at + timedelta(seconds=seconds)


def test_calls_for_jobs_are_a_part_of_what_a_list_costs(two, settings, simulator):
    settings.CLOUD_CALLS_PER_SECOND = 0.1
    Backup.objects.update(job_id="a1b2c3")
    at = max(backup.next_action_at for backup in two)
    # One page and two jobs, of which every other call is for the list: 20 s each.
    assert follow(two[0], at).next_action_at == at + timedelta(seconds=60)


def test_what_went_back_is_told_by_the_list_that_others_are_read_from(two, simulator):
    ended, running = two
    simulator.set_backup_status(ended.cloud_id, "COMPLETED")
    at = max(backup.next_action_at for backup in two)
    progress.follow(ended.instance.project_id, at=at)
    simulator.set_backup_status(ended.cloud_id, "FAILED")
    follow(running, read(running).next_action_at)
    ended = read(ended)
    assert (ended.status, ended.raw_status) == (Status.COMPLETED, "FAILED")
    assert (ended.alarm, ended.alarm_detail) == (Alarm.WENT_BACK, "FAILED")


def test_what_has_vanished_is_not_read_on(building, simulator, hints):
    simulator.control(f"backups/{building.cloud_id}", {"is_deleted": True})
    at = building.next_action_at
    Backup.objects.update(looks=2, missing_since=at - pace.look_horizon())
    assert hints(progress.follow, building.instance.project_id, at=at) == []
    assert (read(building).status, read(building).next_action_at) == (Status.VANISHED, None)
