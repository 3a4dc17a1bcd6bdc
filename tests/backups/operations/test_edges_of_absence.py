"""When exactly what a whole list does not show counts as gone, and what is written of it then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Status
from backups.operations import absence, adopting, pace
from tests.backups.operations.conftest import read

NOW = timezone.now().replace(microsecond=0)
BEGUN = NOW - timedelta(days=3)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def known(smallest) -> Backup:
    """A backup that a sync found once."""
    facts = {"id": "b1", "instance_id": smallest.cloud_id, "name": "by-hand", "status": "COMPLETED"}
    record = cloud.BackupRecord(**facts, begin_time=BEGUN, end_time=BEGUN, size_mb=7.0)
    adopting.take(smallest.project, [record], at=NOW)
    return Backup.objects.get(cloud_id="b1")


def conclude(backup, *, at, shown=frozenset(), begin=BEGUN, end=BEGUN):
    """A whole list of a time, read at `at`."""
    return absence.conclude(backup.instance.project, begin, end, shown, at=at)


def test_each_whole_list_without_it_is_counted(known):
    for number, at in enumerate([NOW, NOW + MOMENT], start=1):
        assert conclude(known, at=at) == 0
        assert (read(known).looks, read(known).missing_since) == (number, NOW)


def test_it_is_gone_with_the_third_list_at_the_horizon_and_no_sooner(known):
    horizon = NOW + pace.look_horizon()
    for at in (NOW, horizon - MOMENT - MOMENT, horizon - MOMENT):
        assert conclude(known, at=at) == 0
    assert conclude(known, at=horizon) == 1
    known = read(known)
    assert (known.status, known.gone_at, known.missing_since, known.looks) == (Status.VANISHED, NOW, None, 0)


def test_two_lists_are_too_few_however_far_apart(known):
    conclude(known, at=NOW)
    assert conclude(known, at=NOW + 9 * pace.look_horizon()) == 0
    assert conclude(known, at=NOW + 9 * pace.look_horizon()) == 1


def test_what_the_list_shows_is_not_missing_and_other_times_are_not_concluded_on(known):
    assert conclude(known, at=NOW, shown={"b1"}) == 0
    conclude(known, at=NOW, begin=BEGUN + MOMENT, end=NOW)
    conclude(known, at=NOW, begin=BEGUN - timedelta(days=1), end=BEGUN - MOMENT)
    assert (read(known).looks, read(known).missing_since) == (0, None)


@pytest.fixture
def ours(smallest, ask) -> Backup:
    """A backup that was asked for here, and has ended."""
    backup = ask(smallest, "before-release", at=NOW)
    facts = {"cloud_id": "b2", "begin_time": BEGUN, "end_time": BEGUN, "next_action_at": None}
    Backup.objects.filter(pk=backup.pk).update(status=Status.COMPLETED, **facts)
    return read(backup)


def test_of_what_was_asked_for_here_it_is_told_that_it_vanished_of_all_else_that_it_is_gone(known, ours):
    Backup.objects.update(missing_since=NOW, looks=2)
    later = NOW + pace.look_horizon()
    assert conclude(known, at=later) == 2
    for backup, verb in ((ours, "vanished"), (known, "gone")):
        row, event = read(backup), backup.events.order_by("id").last()
        assert (row.status, row.gone_at, row.missing_since, row.looks) == (Status.VANISHED, NOW, None, 0)
        assert (event.verb, event.at, event.project) == (verb, later, known.instance.project)


def test_what_had_failed_stays_so_and_is_gone_all_the_same(known, ours):
    Backup.objects.update(status=Status.FAILED, missing_since=NOW, looks=2)
    assert conclude(known, at=NOW + pace.look_horizon()) == 2
    for backup in (known, ours):
        row, event = read(backup), backup.events.order_by("id").last()
        assert (row.status, row.gone_at, row.missing_since, row.looks) == (Status.FAILED, NOW, None, 0)
        assert (event.verb, event.from_status, event.to_status) == ("gone", "", "")


def test_the_one_that_is_missing_longest_is_looked_for_first_once_the_horizon_has_passed(known):
    project, horizon = known.instance.project, pace.look_horizon()
    conclude(known, at=NOW)
    assert absence.doubted(project, at=NOW + horizon - MOMENT) is None
    assert absence.doubted(project, at=NOW + horizon) == known


def test_a_list_that_moved_lets_it_be_missing_anew(known):
    conclude(known, at=NOW)
    later = NOW + timedelta(minutes=1)
    absence.start_over(known.instance.project, BEGUN + MOMENT, NOW, at=later)
    assert (read(known).looks, read(known).missing_since) == (1, NOW)
    absence.start_over(known.instance.project, BEGUN, BEGUN, at=later)
    assert (read(known).looks, read(known).missing_since) == (0, later)
