"""A window of the catalogue: what counts as of it, how it is narrowed, and what comes after it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Project
from backups.operations import catalog, continuity
from backups.operations.catalog import Reading, Window

NOW = timezone.now().replace(microsecond=0)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WINDOW = Window(NOW - HOUR, NOW)


def begun(at) -> cloud.BackupRecord:
    return cloud.BackupRecord(id="b1", instance_id="i1", begin_time=at)


@pytest.mark.parametrize(
    ("at", "is_held"),
    [(NOW - HOUR, True), (NOW - HOUR - SECOND, False), (NOW - SECOND, True), (NOW, False), (None, True)],
)
def test_what_began_at_its_begin_is_of_it_and_what_began_at_its_end_of_the_next(at, is_held):
    assert WINDOW.holds(begun(at)) is is_held


@pytest.mark.parametrize(
    ("at", "is_about"),
    [
        (NOW - HOUR - DAY, True),
        (NOW - HOUR - DAY - SECOND, False),
        (NOW + DAY, True),
        (NOW + DAY + SECOND, False),
        (None, True),
    ],
)
def test_a_list_keeps_to_a_window_where_it_is_at_most_a_day_off(at, is_about):
    assert WINDOW.is_about(begun(at)) is is_about


def test_it_is_narrowed_to_a_share_to_half_at_most_and_never_below_a_second():
    quarter = timedelta(minutes=15)
    assert WINDOW.narrowed_to_begin(0.25) == Window(NOW - HOUR, NOW - HOUR + quarter)
    assert WINDOW.narrowed_to_end(0.25) == Window(NOW - quarter, NOW)
    assert WINDOW.narrowed_to_end(0.9).width == HOUR / 2
    assert WINDOW.narrowed_to_end(0.0).is_narrowest
    assert not Window(NOW - 2 * SECOND, NOW).is_narrowest


def test_what_was_read_is_as_large_as_is_told_or_as_was_seen():
    reading = Reading()
    assert (reading.size, reading.held, reading.is_all_placed) == (0, 0, True)
    reading.tally.ids.update({"b1", "b2"})
    assert reading.size == 2
    reading.tally.total = 3
    assert reading.size == 3


@pytest.fixture
def project(simulated, settings) -> Project:
    """A project of which nothing but a window of the past is due."""
    settings.CLOUD_CALLS_PER_SECOND = 1000.0
    past = {"sweep_due_at": NOW, "swept_at": NOW, "sweep_at": NOW - 4000 * DAY, "sweep_seconds": 3600}
    Project.objects.update(**past, newest_due_at=NOW + 9 * DAY, next_catalog_at=NOW, catalog_until=NOW)
    return simulated


@pytest.mark.parametrize(("seconds", "half"), [(3600, 1800), (3, 1), (2, 1)])
def test_one_that_moves_while_it_is_read_is_read_half_as_wide(project, simulator, seconds, half):
    Project.objects.update(sweep_seconds=seconds)
    moving = '{"backups": [], "total_count": 3}'
    simulator.fault(operation="list_backups", at="reply", action="body", body=moving)
    catalog.sync(project.pk, at=NOW)
    project.refresh_from_db()
    assert (project.sweep_seconds, project.sweep_at) == (half, NOW - 4000 * DAY)


def test_a_worker_is_told_where_another_step_is_due_at_once_and_only_there(project, hints):
    assert hints(catalog.sync, project.pk, at=NOW) == []
    Project.objects.update(swept_at=None, sweep_due_at=NOW, next_catalog_at=NOW)
    assert hints(catalog.sync, project.pk, at=NOW) == [("catalog", str(project.pk), None)]


def test_before_it_is_read_the_database_is_asked_whether_it_was_restored(project, monkeypatch):
    asked = []
    monkeypatch.setattr(continuity, "check", lambda *, at: asked.append(at))
    catalog.sync(project.pk, at=NOW)
    assert asked == [NOW]
