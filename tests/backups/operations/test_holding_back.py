"""Where a cloud is left alone, nothing is asked of it, and each row waits until it may be."""

from datetime import timedelta

from django.utils import timezone

from backups.models import Project
from backups.operations import inventory, pace, progress, reach, searching
from tests.backups.operations.conftest import read


def leave_alone(project, at):
    reach.note_sign_in_failed(project, "wrong key", at=at)
    return at + pace.KEY_LOCK


def test_a_look_waits_and_counts_for_nothing(lose, simulator):
    backup = lose()
    until = leave_alone(backup.instance.project, backup.next_action_at)
    searching.look(backup.pk, at=backup.next_action_at)
    assert (read(backup).next_action_at, read(backup).looks) == (until, 0)
    assert simulator.history("list_backups") == []


def test_following_waits(building, simulator):
    until = leave_alone(building.instance.project, building.next_action_at)
    progress.follow(building.instance.project_id, at=building.next_action_at)
    assert read(building).next_action_at == until
    assert simulator.history("list_backups") == []


def test_a_sync_waits_until_its_time_and_until_the_cloud_may_be_asked(simulated, simulator):
    asked = len(simulator.history("list_instances"))
    at = timezone.now() + timedelta(hours=1)
    Project.objects.update(next_sync_at=at)
    inventory.sync(simulated.pk, at=at - timedelta(seconds=1))
    simulated.refresh_from_db()
    assert simulated.next_sync_at == at
    until = leave_alone(simulated, at)
    inventory.sync(simulated.pk, at=at)
    simulated.refresh_from_db()
    assert simulated.next_sync_at == until
    assert len(simulator.history("list_instances")) == asked


def test_a_sync_that_succeeds_comes_again_in_ten_minutes(simulated, simulator):
    asked = len(simulator.history("list_instances"))
    at = timezone.now() + timedelta(hours=1)
    Project.objects.update(next_sync_at=at)
    inventory.sync(simulated.pk, at=at)
    inventory.sync(simulated.pk, at=at)
    simulated.refresh_from_db()
    assert (simulated.synced_at, simulated.next_sync_at) == (at, at + timedelta(minutes=10))
    assert len(simulator.history("list_instances")) == asked + 1
