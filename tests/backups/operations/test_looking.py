"""Looking in the cloud's list for a backup of unknown fate (faults.md, rule 4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from backups.models import Alarm, Event, Status
from backups.operations import claims, pace, searching, submission
from backups.operations.creation import Draft, create_backups
from tests.backups.operations.conftest import read


@pytest.fixture
def plant(simulator):
    """Put a backup of our name into the cloud that another call made: `plant(backup, age_seconds=5)`."""

    def plant_backup(backup, **values):
        told = {"instance_id": backup.instance.cloud_id, "name": backup.name, "status": "BUILDING", **values}
        return simulator.control("backups", told)["id"]

    return plant_backup


def look(backup, *, simulator):
    simulator.control("lag", {"seconds": 0})
    searching.look(backup.pk, at=backup.next_action_at)
    return read(backup)


def test_two_of_our_name_link_the_earliest_tell_a_person_and_delete_nothing(lose, plant, simulator):
    backup = lose()
    later, first = plant(backup, age_seconds=1), plant(backup, age_seconds=60)
    backup = look(backup, simulator=simulator)
    assert (backup.status, backup.cloud_id) == (Status.BUILDING, first)
    assert (backup.alarm, backup.alarm_detail) == (Alarm.DUPLICATE, later)
    assert simulator.history("delete_backup") == []


def test_what_is_found_has_left_every_doubt_behind(lose, plant, simulator):
    backup = lose()
    searching.look(backup.pk, at=backup.next_action_at)
    assert read(backup).looks == 1
    cloud_id = plant(backup)
    backup = look(read(backup), simulator=simulator)
    assert (backup.looks, backup.error_code, backup.error_message, backup.error_remedy) == (0, "", "", "")
    assert (backup.end_time, backup.raw_status) == (None, "BUILDING")
    assert backup.next_action_at is not None
    assert Event.objects.get(backup=backup, verb="found").data == {"cloud_id": cloud_id, "looks": 2}


@pytest.mark.parametrize(
    "values",
    [
        {"name": "before-release-2"},
        {"name": "Before-release"},
        {"type": "auto"},
        {"age_seconds": 16 * 60},
    ],
    ids=["a longer name", "another spelling", "an automatic one", "one from before our call"],
)
def test_what_is_not_ours_is_not_taken_for_ours(lose, plant, simulator, values):
    backup = lose()
    plant(backup, **values)
    backup = look(backup, simulator=simulator)
    assert (backup.status, backup.cloud_id, backup.looks) == (Status.UNCONFIRMED, None, 1)


def test_what_is_found_began_when_the_cloud_says(lose, plant, simulator):
    backup = lose()
    cloud_id = plant(backup, age_seconds=60)
    [made] = [
        each for each in simulator.backups(backup.instance.project.project_id) if each["id"] == cloud_id
    ]
    begun = look(backup, simulator=simulator).begin_time.timestamp()
    assert begun == pytest.approx(made["begin_at"], abs=1)


def test_a_clock_that_is_a_quarter_of_an_hour_off_hides_nothing(lose, plant, simulator):
    backup = lose()
    cloud_id = plant(backup, age_seconds=14 * 60)
    assert look(backup, simulator=simulator).cloud_id == cloud_id


def test_what_is_known_as_anothers_is_not_taken_for_ours(lose, ask, dba, simulator, smallest):
    simulator.control("twins", {"allowed": True})
    earlier = ask(smallest, "before-release", at=timezone.now())
    submission.submit(earlier.pk)
    simulator.set_backup_status(read(earlier).cloud_id, "FAILED")
    type(earlier).objects.filter(pk=earlier.pk).update(status=Status.FAILED, next_action_at=None)
    backup = look(lose(), simulator=simulator)
    assert (backup.status, backup.cloud_id) == (Status.UNCONFIRMED, None)


def test_the_looks_come_at_their_moments_and_then_each_minute(lose):
    backup = lose()
    begun, moments = backup.unconfirmed_since, []
    for _ in range(9):
        moments.append(round((backup.next_action_at - begun).total_seconds()))
        searching.look(backup.pk, at=backup.next_action_at)
        backup = read(backup)
    assert moments == [2, 5, 10, 20, 40, 60, 120, 180, 240]


def test_a_look_that_told_nothing_is_made_again_within_seconds(lose, simulator):
    backup = lose()
    for _ in range(6):
        searching.look(backup.pk, at=read(backup).next_action_at)
    backup, minute = read(backup), timedelta(minutes=1)
    simulator.fault(operation="list_backups", action="status", status=500, times=2)
    for _ in range(2):
        failed_at = backup.next_action_at
        searching.look(backup.pk, at=failed_at)
        backup = read(backup)
        assert backup.next_action_at - failed_at == pace.SHORTEST_RETRY
    searching.look(backup.pk, at=backup.next_action_at)
    assert read(backup).next_action_at - backup.next_action_at == minute


def test_looking_ends_after_a_day_and_the_question_stays(asked):
    over = asked.unconfirmed_since + pace.LOOK_FOR
    type(asked).objects.filter(pk=asked.pk).update(next_action_at=over - timedelta(seconds=1))
    searching.look(asked.pk, at=over - timedelta(seconds=1))
    assert read(asked).next_action_at == over - timedelta(seconds=1) + pace.LOOK_AFTER_ASKING
    searching.look(asked.pk, at=read(asked).next_action_at)
    assert (read(asked).status, read(asked).next_action_at) == (Status.UNCONFIRMED, None)
    assert read(asked).needs_decision_at == asked.needs_decision_at


def test_each_look_hints_at_the_next(lose, django_capture_on_commit_callbacks):
    backup = lose()
    with django_capture_on_commit_callbacks() as hints:
        searching.look(backup.pk, at=backup.next_action_at)
    assert len(hints) == 1


def test_the_request_is_written_down_as_it_is_sent(orders, dba):
    draft = Draft(instance=orders, name="before-release", description="Before the release of May")
    now = timezone.now()
    [backup] = create_backups([draft], by=dba, at=now, client_token=uuid4())
    claimed = claims.claim(backup.pk, at=now)
    assert claimed
    assert claimed.attempt.request == {
        "instance_id": orders.cloud_id,
        "name": "before-release",
        "description": "Before the release of May",
    }
