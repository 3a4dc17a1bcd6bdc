"""Who is covered, and who was."""

from datetime import timedelta

import pytest

from backups.models import Coverage, Instance, RpoTarget, Source, Status
from backups.queries import coverage
from backups.queries.coverage import CoverageFilters, Summary
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def good(instance, age: timedelta, **values):
    """A good backup that began so long ago."""
    begun = NOW - age
    return past(instance, 1, **{"begin_time": begun, "end_time": begun + MINUTE, **values})


def state_of(reader, *, at=NOW, **filters) -> Coverage:
    [row] = coverage.page(reader, filters=CoverageFilters(**filters), at=at).rows
    return row.state


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (24 * HOUR, Coverage.COVERED),
        (24 * HOUR + MINUTE, Coverage.AT_RISK),
        (30 * HOUR, Coverage.AT_RISK),
        (30 * HOUR + MINUTE, Coverage.UNCOVERED),
    ],
)
def test_without_a_target_the_newest_good_backup_may_be_30_hours_old(orders, dba, age, state):
    good(orders, age)
    assert state_of(dba) == state


def test_an_instance_without_a_good_backup_was_never_backed_up(orders, dba):
    good(orders, HOUR, status=Status.FAILED)
    past(orders, 1, status=Status.BUILDING, begin_time=NOW - HOUR, end_time=None, next_action_at=NOW)
    assert state_of(dba) == Coverage.NEVER


@pytest.mark.parametrize("source", [Source.ELSEWHERE, Source.AUTOMATIC])
def test_backups_made_elsewhere_and_automatic_ones_count(orders, dba, source):
    good(orders, HOUR, source=source)
    assert state_of(dba) == Coverage.COVERED


def test_a_backup_counts_from_its_end_and_is_as_old_as_its_begin(orders, dba):
    good(orders, 40 * HOUR)
    good(orders, 10 * HOUR, end_time=NOW)
    assert state_of(dba, at=NOW - MINUTE) == Coverage.UNCOVERED
    [row] = coverage.page(dba, filters=CoverageFilters(), at=NOW).rows
    assert (row.state, row.age_seconds) == (Coverage.COVERED, 36_000)


def test_a_backup_that_is_gone_by_now_counts_for_the_time_when_it_was_there(orders, dba):
    good(orders, 10 * HOUR, status=Status.VANISHED, gone_at=NOW - HOUR)
    good(orders, 9 * HOUR, status=Status.DELETED)
    assert state_of(dba, at=NOW - 2 * HOUR) == Coverage.COVERED
    assert state_of(dba, at=NOW - HOUR) == Coverage.NEVER


def test_a_backup_that_the_cloud_calls_failed_after_its_end_does_not_count(orders, dba):
    good(orders, HOUR, raw_status="FAILED")
    assert state_of(dba) == Coverage.NEVER


def test_what_vanished_counts_for_its_time_only_if_the_cloud_had_called_it_good(orders, dba):
    good(orders, HOUR, status=Status.VANISHED, raw_status="PENDING", gone_at=NOW + HOUR)
    assert state_of(dba) == Coverage.NEVER


def test_a_target_of_the_environment_goes_before_the_one_of_all_others(orders, payments, dba):
    good(orders, 10 * HOUR)
    RpoTarget.objects.create(team=payments, environment="", hours=9, since=NOW - HOUR)
    assert state_of(dba) == Coverage.UNCOVERED
    RpoTarget.objects.create(team=payments, environment="production", hours=12, since=NOW)
    assert state_of(dba) == Coverage.AT_RISK
    RpoTarget.objects.create(team=payments, environment="staging", hours=1, since=NOW)
    assert state_of(dba) == Coverage.AT_RISK


def test_the_past_is_judged_by_the_target_that_held_then(orders, payments, dba):
    good(orders, 10 * HOUR)
    RpoTarget.objects.create(
        team=payments, environment="", hours=5, since=NOW - 4 * HOUR, ended_at=NOW - 2 * HOUR
    )
    assert state_of(dba, at=NOW - 5 * HOUR) == Coverage.COVERED
    assert state_of(dba, at=NOW - 4 * HOUR) == Coverage.UNCOVERED
    assert state_of(dba, at=NOW - 2 * HOUR) == Coverage.COVERED


def test_an_instance_counts_from_when_it_was_known_until_it_is_gone(orders, dba):
    Instance.objects.update(found_at=NOW - HOUR, gone_at=NOW)
    assert coverage.summary(dba, at=NOW - 2 * HOUR) == Summary()
    assert coverage.summary(dba, at=NOW - HOUR) == Summary(never=1)
    assert coverage.summary(dba, at=NOW) == Summary()
    good(orders, 9 * HOUR)
    assert coverage.summary(dba, at=NOW - 2 * HOUR) == Summary(covered=1)


def test_the_summary_counts_the_readers_teams_alone(orders, ledger, foreign, project, dba, stranger):
    good(orders, HOUR)
    good(ledger, 25 * HOUR)
    good(make_instance(project, "archive"), 31 * HOUR)
    assert coverage.summary(dba, at=NOW) == Summary(covered=1, at_risk=1, uncovered=1)
    assert coverage.summary(stranger, at=NOW) == Summary(never=1)
