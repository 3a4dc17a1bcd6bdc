"""What a person should look at is sounded once, until somebody has seen it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Alarm, Backup, Event, Status
from backups.operations import alarms, pace, progress, submission
from backups.operations.rights import RightError
from tests.backups.operations.conftest import read
from tests.fixtures.cast import NOW

ALARM_VERBS = ["alarm_duplicate", "alarm_went_back", "alarm_overdue", "alarm_seen"]


def sounded(backup) -> list[str]:
    events = Event.objects.filter(backup=backup, verb__in=ALARM_VERBS).order_by("id")
    return list(events.values_list("verb", flat=True))


def test_an_alarm_sounds_once_and_again_only_with_something_new(orders, ask):
    backup = ask(orders, "before-release")
    alarms.sound(backup, Alarm.DUPLICATE, ["a", "b"], at=NOW)
    alarms.sound(backup, Alarm.DUPLICATE, ["a", "b"], at=NOW)
    assert (read(backup).alarm, read(backup).alarm_detail) == (Alarm.DUPLICATE, "a b")
    assert (backup.alarm, backup.alarm_detail) == (Alarm.DUPLICATE, "a b")
    alarms.sound(backup, Alarm.DUPLICATE, ["c"], at=NOW)
    assert sounded(backup) == ["alarm_duplicate", "alarm_duplicate"]
    assert Event.objects.filter(verb="alarm_duplicate").order_by("-id")[0].data == {
        "alarm": "duplicate",
        "detail": "c",
    }


def test_an_alarm_does_not_sound_on_other_backups(orders, ledger, ask):
    backup, other = ask(orders, "before-release"), ask(ledger, "before-release")
    alarms.sound(backup, Alarm.OVERDUE, [], at=NOW)
    assert (read(other).alarm, sounded(other)) == ("", [])


def test_a_person_who_may_decide_says_that_it_was_seen(orders, ask, lead, auditor):
    backup = ask(orders, "before-release")
    alarms.acknowledge(backup, by=lead, at=NOW)
    alarms.sound(backup, Alarm.DUPLICATE, ["a"], at=NOW)
    with pytest.raises(RightError):
        alarms.acknowledge(backup, by=auditor, at=NOW)
    assert read(backup).alarm == Alarm.DUPLICATE
    alarms.acknowledge(backup, by=lead, at=NOW)
    alarms.acknowledge(backup, by=lead, at=NOW)
    assert (read(backup).alarm, read(backup).alarm_detail) == ("", "")
    assert sounded(backup) == ["alarm_duplicate", "alarm_seen"]
    assert Event.objects.get(verb="alarm_seen").actor == lead


def test_what_runs_longer_than_the_team_allows_is_overdue_and_asked_for_each_hour(building, simulator):
    simulator.set_backup_status(building.cloud_id, "BUILDING")
    at = building.begin_time + timedelta(hours=24)
    progress.follow(building.instance.project_id, at=at - timedelta(seconds=1))
    assert sounded(building) == []
    Backup.objects.update(next_action_at=at)
    progress.follow(building.instance.project_id, at=at)
    late = read(building)
    assert (late.status, late.alarm, late.next_action_at) == (
        Status.BUILDING,
        Alarm.OVERDUE,
        at + pace.OVERDUE_FOLLOW,
    )
    simulator.set_backup_status(building.cloud_id, "COMPLETED")
    progress.follow(building.instance.project_id, at=late.next_action_at)
    assert (read(building).status, read(building).alarm) == (Status.COMPLETED, "")
    assert sounded(building) == ["alarm_overdue"]


def test_an_end_that_the_cloud_takes_back_is_shown_and_told(building, simulator, ask, simulated):
    at = timezone.now() + timedelta(minutes=1)
    simulator.set_backup_status(building.cloud_id, "COMPLETED")
    progress.follow(simulated.pk, at=at)
    other = ask(
        simulated.instances.filter(status="normal").order_by("-volume_gb")[0], "other-one", at=timezone.now()
    )
    submission.submit(other.pk)
    simulator.set_backup_status(building.cloud_id, "FAILED")
    simulator.set_backup_status(other.cloud_id or read(other).cloud_id, "BUILDING")
    for later in (at + timedelta(minutes=1), at + timedelta(minutes=9)):
        progress.follow(simulated.pk, at=later)
    changed = read(building)
    assert (changed.status, changed.raw_status) == (Status.COMPLETED, "FAILED")
    assert (changed.alarm, changed.alarm_detail) == (Alarm.WENT_BACK, "FAILED")
    assert sounded(building) == ["alarm_went_back"]
    assert sounded(other) == []
