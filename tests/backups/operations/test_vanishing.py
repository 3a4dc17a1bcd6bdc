"""A running backup that the cloud's list no longer shows (faults.md, row 26)."""

from datetime import timedelta

from django.utils import timezone

from backups.models import Event, Status
from backups.operations import pace, progress
from tests.backups.operations.conftest import read


def follow(backup, at=None):
    progress.follow(backup.instance.project_id, at=at or backup.next_action_at)
    return read(backup)


def test_it_vanishes_after_the_whole_horizon_and_three_complete_lists(building, simulator, ask):
    following = ask(building.instance, "second-one", at=timezone.now())
    simulator.control(f"backups/{building.cloud_id}", {"is_deleted": True})
    first = follow(building)
    assert (first.status, first.looks) == (Status.BUILDING, 1)
    assert first.missing_since == building.next_action_at
    late = first.missing_since + pace.look_horizon()
    second = follow(first, late)
    assert (second.status, second.looks, second.missing_since) == (Status.BUILDING, 2, first.missing_since)
    third = follow(second, late + timedelta(minutes=1))
    assert (third.status, third.next_action_at, third.missing_since) == (Status.VANISHED, None, None)
    assert Event.objects.filter(backup=building, verb="vanished").count() == 1
    assert read(following).next_action_at == late + timedelta(minutes=1)


def test_many_lists_within_the_horizon_prove_nothing(building, simulator):
    simulator.control(f"backups/{building.cloud_id}", {"is_deleted": True})
    backup = building
    for _ in range(5):
        backup = follow(backup)
    assert (backup.status, backup.looks) == (Status.BUILDING, 5)


def test_what_is_listed_again_has_not_been_missing(building, simulator):
    simulator.control("lag", {"seconds": 86400})
    backup = follow(building)
    assert backup.missing_since
    simulator.control("lag", {"seconds": 0})
    simulator.set_backup_status(building.cloud_id, "BUILDING")
    backup = follow(backup)
    assert (backup.status, backup.missing_since, backup.looks) == (Status.BUILDING, None, 0)
