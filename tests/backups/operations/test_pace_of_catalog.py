"""What a step of the catalogue asks for, how long it may take, and when the next one is due."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Project
from backups.operations import catalog, reach

NOW = timezone.now().replace(microsecond=0)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def project(simulated, settings) -> Project:
    """A project of which nothing is due."""
    settings.CLOUD_CALLS_PER_SECOND = 1000.0
    later = {"newest_due_at": NOW + 9 * DAY, "sweep_due_at": NOW + 9 * DAY, "next_catalog_at": NOW}
    Project.objects.update(**later, catalog_until=NOW, swept_at=NOW)
    return simulated


def step(project, *, at=NOW, **columns) -> Project:
    """The next step, the project being as `columns` say."""
    Project.objects.update(**columns)
    assert catalog.sync(project.pk, at=at)
    return Project.objects.get(pk=project.pk)


def asked_for(simulator) -> tuple[datetime, datetime]:
    """The time that the last list was asked for."""
    asked = parse_qs(urlsplit(simulator.history("list_backups")[-1]["target"]).query)
    begin, end = (datetime.fromisoformat(asked[name][0]) for name in ("begin_time", "end_time"))
    return begin, end


def test_the_newest_are_read_from_half_an_hour_before_and_again_in_ten_minutes(project, simulator):
    project = step(project, newest_due_at=NOW, catalog_until=NOW - DAY)
    # Five seconds more on both sides than is concluded on.
    assert asked_for(simulator) == (NOW - DAY - 30 * MINUTE - 5 * SECOND, NOW + DAY + 5 * SECOND)
    assert (project.catalog_until, project.catalog_synced_at) == (NOW, NOW)
    assert project.newest_due_at == NOW + 10 * MINUTE


def test_the_past_begins_with_2010(project, simulator):
    step(project, sweep_due_at=NOW, swept_at=None)
    assert asked_for(simulator) == (datetime(2009, 12, 31, 23, 59, 55, tzinfo=UTC), NOW + DAY + 5 * SECOND)


def test_a_window_without_any_is_followed_by_one_four_times_as_wide(project, simulator):
    emptied = NOW - 4000 * DAY
    project = step(project, sweep_due_at=NOW, sweep_at=emptied, sweep_seconds=3600)
    assert asked_for(simulator) == (emptied - 3605 * SECOND, emptied + 5 * SECOND)
    assert (project.sweep_at, project.sweep_seconds) == (emptied - 3600 * SECOND, 4 * 3600)
    assert project.sweep_seen == 0


@pytest.mark.parametrize(
    ("listed", "pause"),
    [(None, 60 * MINUTE), (1, 60 * MINUTE), (100, 864 * SECOND), (86_400, 2 * SECOND)],
)
def test_the_past_is_read_once_in_a_day(project, plant, listed, pause):
    plant("by-hand", age=timezone.now() - NOW + 4000 * DAY + 30 * MINUTE)
    window = {"sweep_at": NOW - 4000 * DAY, "sweep_seconds": 3600}
    project = step(project, sweep_due_at=NOW, backups_listed=listed, **window)
    assert project.sweep_seen == 1
    assert abs(project.sweep_due_at - NOW - pause) < timedelta(milliseconds=1)


def test_the_first_time_the_past_is_read_without_a_pause(project):
    window = {"sweep_at": NOW - 400 * DAY, "sweep_seconds": 3600}
    assert step(project, sweep_due_at=NOW, swept_at=None, **window).sweep_due_at == NOW


def test_a_step_that_is_killed_is_taken_again_after_two_minutes(project, monkeypatch):
    def killed(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(reach, "admit", killed)
    with pytest.raises(KeyboardInterrupt):
        step(project, newest_due_at=NOW)
    monkeypatch.undo()
    assert not catalog.sync(project.pk, at=NOW + 2 * MINUTE - timedelta(microseconds=1))
    assert catalog.sync(project.pk, at=NOW + 2 * MINUTE)


def test_where_no_instance_has_been_read_yet_it_waits_five_seconds_for_them(project, simulator):
    project = step(project, newest_due_at=NOW, synced_at=None)
    assert project.next_catalog_at == NOW + 5 * SECOND
    assert simulator.history("list_backups") == []


def test_what_fails_is_tried_again_soon_and_then_with_the_next_sync(project, simulator):
    simulator.fault(operation="list_backups", action="status", status=500, times=2)
    project = step(project, newest_due_at=NOW)
    assert project.next_catalog_at == NOW + 5 * SECOND
    assert project.catalog_error
    project = step(project, next_catalog_at=NOW)
    assert project.next_catalog_at == NOW + 10 * MINUTE
    project = step(project, next_catalog_at=NOW)
    assert project.catalog_error == ""


def test_our_own_pace_is_no_failure(project, monkeypatch):
    def not_now(*_args, **_options):
        raise cloud.NotOurTurn("not now")

    monkeypatch.setattr(reach, "calling", not_now)
    project = step(project, newest_due_at=NOW)
    assert (project.next_catalog_at, project.catalog_error) == (NOW + 5 * SECOND, "")


def test_of_what_has_been_missing_a_day_around_it_is_read_again(project, plant, simulator, sync):
    cloud_id = plant("by-hand", age=2 * DAY)
    sync(at=NOW)
    simulator.control(f"backups/{cloud_id}", {"is_deleted": True})
    sync(at=NOW)
    begun = Backup.objects.values_list("begin_time", flat=True).get(cloud_id=cloud_id)
    assert begun
    later = NOW + 9 * DAY
    step(project, at=later, newest_due_at=later + DAY, next_catalog_at=later, sweep_seconds=None)
    assert asked_for(simulator) == (begun - 5 * SECOND, begun + DAY + 5 * SECOND)
