"""The database judges every instance as a person with a calendar would."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.models import Backup, Coverage, Instance, RpoTarget, Status
from backups.queries import coverage
from backups.queries.coverage import CoverageFilters
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

HOUR = timedelta(hours=1)
HOURS = st.integers(-60, 20).map(lambda hours: NOW + hours * HOUR)
MAYBE = st.none() | HOURS
STATUSES = [
    Status.COMPLETED,
    Status.AVAILABLE,
    Status.FAILED,
    Status.DELETING,
    Status.DELETED,
    Status.VANISHED,
]
BACKUPS = st.lists(
    st.tuples(st.sampled_from(STATUSES), HOURS, st.none() | st.integers(0, 6), MAYBE, st.booleans()),
    max_size=5,
)
TARGETS = st.lists(
    st.tuples(st.sampled_from(["production", "staging", ""]), st.integers(1, 60), st.tuples(HOURS, HOURS)),
    max_size=3,
    unique_by=lambda target: target[0],
)


def newest_begin(backups, at):
    begins = [NOW - 999 * HOUR]
    for status, begin, lasted, gone_at, is_failed in backups:
        ended = begin + lasted * HOUR if lasted is not None else None
        is_there = gone_at > at if gone_at else status not in (Status.DELETED, Status.VANISHED)
        if status != Status.FAILED and not is_failed and ended and ended <= at and is_there:
            begins.append(begin)
    return max(begins)


def expected(backups, targets, at) -> Coverage:
    hours = 30
    for wanted in ("", "production"):
        for environment, target, span in targets:
            if environment == wanted and min(span) <= at < max(span):
                hours = target
    begin = newest_begin(backups, at)
    if begin == NOW - 999 * HOUR:
        return Coverage.NEVER
    if at - begin > hours * HOUR:
        return Coverage.UNCOVERED
    return Coverage.AT_RISK if (at - begin) * 100 > hours * HOUR * 80 else Coverage.COVERED


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(backups=BACKUPS, targets=TARGETS, at=HOURS)
def test_every_instance_is_judged_as_by_hand(project, auditor, backups, targets, at):
    RpoTarget.objects.all().delete()
    Backup.objects.all().delete()
    Instance.objects.all().delete()
    instance = make_instance(project, "orders")
    for environment, hours, span in targets:
        RpoTarget.objects.create(
            team=project.team, environment=environment, hours=hours, since=min(span), ended_at=max(span)
        )
    for status, begin, lasted, gone_at, is_failed in backups:
        past(
            instance,
            1,
            status=status,
            begin_time=begin,
            end_time=begin + lasted * HOUR if lasted is not None else None,
            gone_at=gone_at,
            raw_status="FAILED" if is_failed else "COMPLETED",
            next_action_at=NOW if status == Status.DELETING else None,
        )
    [row] = coverage.page(auditor, filters=CoverageFilters(), at=at).rows
    assert row.state == expected(backups, targets, at)
    assert getattr(coverage.summary(auditor, at=at), row.state) == 1
