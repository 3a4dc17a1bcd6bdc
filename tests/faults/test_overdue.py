"""A backup that never ends (faults.md, row 27)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups.models import Alarm, Backup, Event, Status, Team
from backups.operations import pace, progress
from tests.faults.steps import some_of, submit


@pytest.fixture
def backup(simulated, simulator, ask) -> Backup:
    """A backup that the cloud builds for ever."""
    [instance] = some_of(simulated, 1)
    backup = submit(ask(instance, "before-release", at=timezone.now()))
    simulator.set_backup_status(backup.cloud_id, "BUILDING")
    return backup


def follow(backup: Backup, *, at: datetime) -> Backup:
    Backup.objects.filter(pk=backup.pk).update(next_action_at=at)
    progress.follow(backup.instance.project_id, at=at)
    backup.refresh_from_db()
    return backup


def alarms(backup: Backup) -> int:
    return Event.objects.filter(backup=backup, verb="alarm_overdue").count()


@pytest.mark.parametrize("hours", [None, 1, 72], ids=["24 by default", "1", "72"])
def test_row_27_it_is_overdue_after_its_teams_hours_and_then_asked_for_each_hour(backup, hours):
    if hours:
        Team.objects.update(overdue_hours=hours)
    limit = timedelta(hours=hours or 24)
    begun = backup.begin_time
    early = follow(backup, at=begun + limit - timedelta(seconds=5))
    assert (early.alarm, early.next_action_at) == (
        "",
        begun + limit - timedelta(seconds=5) + pace.SLOWEST_FOLLOW,
    )
    at = begun + limit
    for _ in range(5):
        late = follow(backup, at=at)
        assert (late.status, late.alarm) == (Status.BUILDING, Alarm.OVERDUE)
        assert late.next_action_at == at + timedelta(hours=1)
        at = late.next_action_at
    assert alarms(backup) == 1


def test_row_27_a_week_costs_one_call_an_hour(settings, backup, simulator):
    settings.CLOUD_CALLS_PER_SECOND = 1000.0  # a week goes by within seconds
    begun = backup.begin_time
    follow(backup, at=begun + timedelta(hours=24))
    before = len(simulator.history("list_backups"))
    while backup.next_action_at < begun + timedelta(days=8):
        progress.follow(backup.instance.project_id, at=backup.next_action_at)
        backup.refresh_from_db()
    assert len(simulator.history("list_backups")) - before == 7 * 24 - 1
    assert (backup.status, alarms(backup)) == (Status.BUILDING, 1)


@pytest.mark.parametrize("end", [Status.COMPLETED, Status.FAILED, Status.AVAILABLE])
def test_row_27_it_ends_like_any_other_when_the_cloud_says_so(backup, simulator, end):
    at = backup.begin_time + timedelta(hours=30)
    assert follow(backup, at=at).alarm == Alarm.OVERDUE
    simulator.set_backup_status(backup.cloud_id, end.value)
    ended = follow(backup, at=at + timedelta(hours=1))
    assert (ended.status, ended.alarm, ended.next_action_at) == (end, "", None)
