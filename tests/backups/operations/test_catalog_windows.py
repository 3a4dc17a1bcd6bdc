"""A past that no one step can read: window after window, whatever happens in between."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Project
from backups.operations import absence, catalog
from tests.fixtures.catalog import assert_same_as_cloud
from tests.fixtures.simulated_cloud import SimulatedCloud

DAY = timedelta(days=1)


@pytest.fixture
def small_steps(monkeypatch) -> None:
    """What a hundred thousand backups are to a step of a thousand, a few dozen are to one of ten."""
    monkeypatch.setattr(catalog, "MOST", 10)


def calls(simulator: SimulatedCloud) -> int:
    return len(simulator.history("list_backups"))


def test_a_step_makes_few_calls_and_leaves_the_rest_to_the_next(due, simulator, small_steps):
    now, most = timezone.now(), 0
    before = calls(simulator)
    while catalog.sync(due.pk, at=now):
        most, before = max(most, calls(simulator) - before), calls(simulator)
    assert calls(simulator) > 8
    assert most <= 6
    assert_same_as_cloud(due, simulator)


def test_a_sync_that_is_killed_goes_on_where_it_was(due, simulator, small_steps, monkeypatch):
    now = timezone.now()
    for _ in range(5):
        catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    reached = due.sweep_at
    assert reached
    monkeypatch.setattr(absence, "conclude", killed)
    with pytest.raises(KeyboardInterrupt):
        catalog.sync(due.pk, at=now)
    monkeypatch.undo()
    monkeypatch.setattr(catalog, "MOST", 10)
    assert not catalog.sync(due.pk, at=now)
    catalog.sync(due.pk, at=now + catalog.LEASE)
    due.refresh_from_db()
    assert catalog.FIRST < due.sweep_at < reached
    catalog.sync_all(due.pk, at=now + catalog.LEASE)
    assert_same_as_cloud(due, simulator)


def killed(*_args, **_options):
    raise KeyboardInterrupt


def test_a_window_that_moves_while_it_is_read_is_read_again_half_as_wide(due, simulator, small_steps):
    now = timezone.now()
    for _ in range(4):
        catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    stood_at, width = due.sweep_at, due.sweep_seconds
    moving = '{"backups": [], "total_count": 3}'
    simulator.fault(operation="list_backups", at="reply", action="body", body=moving)
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert (due.sweep_at, due.sweep_seconds) == (stood_at, width // 2)
    assert not Backup.objects.exclude(missing_since=None).exists()
    catalog.sync_all(due.pk, at=now)
    assert_same_as_cloud(due, simulator)


def test_the_narrowest_window_is_passed_by_even_where_it_moves_and_nothing_is_concluded(due, simulator):
    now = timezone.now()
    catalog.sync(due.pk, at=now)
    Project.objects.update(sweep_at=now - DAY, sweep_seconds=1)
    moving = '{"backups": [], "total_count": 3}'
    simulator.fault(operation="list_backups", at="reply", action="body", body=moving)
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert due.sweep_at == now - DAY - timedelta(seconds=1)


def test_very_many_of_one_second_are_read_however_many_they_are(due, simulator, plant, small_steps):
    for number in range(30):
        plant(f"at-once-{number}", age=timedelta(days=1), type="auto")
    catalog.sync_all(due.pk, at=timezone.now())
    assert_same_as_cloud(due, simulator)


def test_the_newest_are_read_in_several_steps_where_many_have_come(due, simulator, plant, small_steps):
    now = timezone.now()
    catalog.sync_all(due.pk, at=now)
    Project.objects.update(catalog_until=now - DAY, newest_due_at=now, next_catalog_at=now)
    for number in range(25):
        plant(f"since-then-{number}", age=timedelta(minutes=50 * (number + 1)))
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert now - DAY < due.catalog_until < now
    catalog.sync_all(due.pk, at=now)
    due.refresh_from_db()
    assert (due.catalog_until, due.catalog_synced_at) == (now, now)
    assert_same_as_cloud(due, simulator)


def test_where_the_newest_move_the_next_sync_reads_them_again(due, simulator):
    now = timezone.now()
    simulator.fault(
        operation="list_backups", at="reply", action="body", body='{"backups": [], "total_count": 3}'
    )
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert (due.catalog_until, due.newest_due_at) == (None, now + catalog.SYNC_EVERY)
