"""What became of backups in the cloud behind our back is seen by the next round."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Alarm, Backup, Event, Status
from backups.operations import pace
from tests.backups.operations.conftest import read
from tests.fixtures.catalog import assert_same_as_cloud

HOUR = timedelta(hours=1)


@pytest.fixture
def by_hand(sync, plant) -> Backup:
    """A backup that somebody made in the cloud, known here."""
    cloud_id = plant("by-hand", age=timedelta(days=2))
    sync()
    return Backup.objects.get(cloud_id=cloud_id)


def verbs_of(backup: Backup) -> list[str]:
    return list(backup.events.order_by("id").values_list("verb", flat=True))


def test_another_name_is_noted_beside_the_first_one(simulated, simulator, by_hand, sync):
    simulator.control(f"backups/{by_hand.cloud_id}", {"name": "renamed-there"})
    sync()
    by_hand = read(by_hand)
    assert (by_hand.name, by_hand.cloud_name) == ("by-hand", "renamed-there")
    event = by_hand.events.get()
    assert (event.verb, event.data, event.project) == (
        "renamed",
        {"name": ["by-hand", "renamed-there"]},
        simulated,
    )
    assert_same_as_cloud(simulated, simulator)
    simulator.control(f"backups/{by_hand.cloud_id}", {"name": "by-hand"})
    sync()
    assert read(by_hand).cloud_name == ""
    assert verbs_of(by_hand) == ["renamed", "renamed"]


def test_a_name_longer_than_ours_is_kept_whole_beside_it(simulated, simulator, sync, plant):
    cloud_id = plant("n" * 200)
    sync()
    row = Backup.objects.get(cloud_id=cloud_id)
    assert (row.name, row.cloud_name) == ("n" * 64, "n" * 200)
    sync()
    assert (verbs_of(row), read(row).revision) == ([], row.revision)


def test_a_status_taken_back_is_an_alarm_and_the_row_keeps_how_it_ended(simulator, by_hand, sync):
    simulator.set_backup_status(by_hand.cloud_id, "FAILED")
    sync()
    by_hand = read(by_hand)
    assert (by_hand.status, by_hand.raw_status) == (Status.COMPLETED, "FAILED")
    assert (by_hand.alarm, by_hand.alarm_detail) == (Alarm.WENT_BACK, "FAILED")


def test_of_the_two_words_for_a_good_end_either_will_do(simulator, by_hand, sync):
    simulator.set_backup_status(by_hand.cloud_id, "AVAILABLE")
    sync()
    by_hand = read(by_hand)
    assert (by_hand.status, by_hand.raw_status, by_hand.alarm) == (Status.COMPLETED, "AVAILABLE", "")


@pytest.mark.parametrize(("status", "then"), [("COMPLETED", Status.VANISHED), ("FAILED", Status.FAILED)])
def test_it_has_gone_once_lists_over_the_whole_horizon_do_not_show_it(
    simulated, simulator, plant, sync, status, then
):
    cloud_id = plant("by-hand", age=timedelta(days=2), status=status)
    sync()
    simulator.control(f"backups/{cloud_id}", {"is_deleted": True})
    begun = timezone.now() + HOUR
    for at in (begun, begun + timedelta(minutes=1)):
        sync(at=at)
        row = Backup.objects.get(cloud_id=cloud_id)
        assert (row.status, row.missing_since, row.gone_at) == (status, begun, None)
    sync(at=begun + pace.look_horizon())
    row = read(row)
    assert (row.status, row.missing_since, row.gone_at) == (then, None, begun)
    assert verbs_of(row) == ["gone"]
    assert_same_as_cloud(simulated, simulator)


def test_what_is_missing_is_looked_for_again_before_its_turn(simulated, simulator, by_hand, sync):
    simulator.control(f"backups/{by_hand.cloud_id}", {"is_deleted": True})
    at = sync()
    for _ in range(3):
        at += pace.look_horizon()
        sync(at=at)
    assert read(by_hand).gone_at
    assert_same_as_cloud(simulated, simulator)


def test_what_the_list_shows_again_is_back_and_no_longer_missing(
    simulated, simulator, by_hand, sync_until_settled
):
    simulator.control(f"backups/{by_hand.cloud_id}", {"is_deleted": True})
    sync_until_settled()
    assert read(by_hand).status == Status.VANISHED
    simulator.control(f"backups/{by_hand.cloud_id}", {"is_deleted": False})
    sync_until_settled()
    by_hand = read(by_hand)
    assert (by_hand.status, by_hand.gone_at, by_hand.missing_since) == (Status.COMPLETED, None, None)
    assert verbs_of(by_hand) == ["gone", "back"]
    assert_same_as_cloud(simulated, simulator)


def test_an_empty_list_by_mistake_takes_nothing_away(simulated, simulator, by_hand, sync):
    body = '{"backups": [], "total_count": 0}'
    simulator.fault(operation="list_backups", at="reply", action="body", body=body, times=2)
    at = sync()
    assert read(by_hand).missing_since == at
    sync(at=at + pace.look_horizon())
    assert not Backup.objects.exclude(missing_since=None, gone_at=None).exists()
    assert not Event.objects.filter(backup__isnull=False).exists()
