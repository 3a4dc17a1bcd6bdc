"""The kept daily summaries are what a plain count of the history would say, whatever happened to it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.models import Backup, DayOutcome, InstanceTally, Status, TeamTally
from backups.models.summary import OUTCOMES
from backups.operations import folding
from backups.queries import summaries
from tests.fixtures.cast import NOW

ENDED = sorted(set(Status) - {"AWAITING_APPROVAL", "SUBMITTING", "QUEUED", "UNCONFIRMED"})
SIZES = st.sampled_from([None, 0.1, 0.2, 1000.3, 41_000.7, float("nan"), float("inf"), 1e300])
MINUTES = st.sampled_from([None, 0, 3, 7.5])
DAYS = st.integers(0, 3)
BEGUN = st.one_of(st.none(), DAYS)

fields = st.fixed_dictionaries(
    {"status": st.sampled_from(ENDED), "size_mb": SIZES, "took": MINUTES, "begun": BEGUN}
)
step = st.one_of(
    st.tuples(st.just("insert"), st.lists(st.tuples(fields, DAYS, st.booleans()), min_size=1, max_size=4)),
    st.tuples(st.just("update"), fields, DAYS),
    st.tuples(st.just("delete"), DAYS),
    st.tuples(st.just("touch"), st.none()),
    st.tuples(st.just("move"), DAYS),
    st.tuples(st.just("fold"), st.none()),
)


def values(told: dict) -> dict:
    took, begun = told["took"], moment(told["begun"]) if told["begun"] is not None else None
    ended = begun + timedelta(minutes=took) if begun and took is not None else None
    return {"status": told["status"], "size_mb": told["size_mb"], "begin_time": begun, "end_time": ended}


def take(step: tuple, instances: list) -> None:
    """One thing that happens to the history, as one statement."""
    match step:
        case "insert", rows:
            Backup.objects.bulk_create([new(instances[where], day, told) for told, day, where in rows])
        case "update", told, day:
            Backup.objects.filter(requested_at=moment(day)).update(**values(told))
        case "delete", day:
            Backup.objects.filter(requested_at=moment(day)).delete()
        case "move", day:
            Backup.objects.filter(requested_at=moment(day)).update(requested_at=moment(day + 1))
        case "touch", None:
            Backup.objects.update(description="touched")
        case _:
            folding.fold()


def moment(day: int) -> datetime:
    """A minute before midnight, so that a day that is not UTC's is found out."""
    return datetime(2026, 11, 10 + day, 23, 59, tzinfo=UTC)


def new(instance, day: int, told: dict) -> Backup:
    return Backup(
        team_id=instance.team_id,
        instance=instance,
        name="nightly",
        source="automatic",
        requested_at=moment(day),
        cloud_id=str(uuid4()),
        next_action_at=NOW,
        **values(told),
    )


def counted() -> tuple[Counter, dict]:
    """What a plain look at every backup says."""
    outcomes: Counter = Counter()
    sums: dict = {}
    for row in Backup.objects.all():
        outcome, day = OUTCOMES.get(Status(row.status)), (row.begin_time or row.requested_at).date()
        if outcome:
            outcomes[row.team_id, day, outcome.value] += 1
        if outcome == DayOutcome.GOOD:
            kept = sums.setdefault((row.instance_id, day), [0, 0, Decimal(0), 0, Decimal(0)])
            kept[0] += 1
            if row.end_time and row.begin_time:
                kept[1] += 1
                kept[2] += Decimal((row.end_time - row.begin_time).total_seconds())
            if row.size_mb is not None and 0 <= row.size_mb < 1e12:
                kept[3] += 1
                kept[4] += Decimal(str(row.size_mb))
    return outcomes, sums


def kept() -> tuple[Counter, dict]:
    """What the summaries say."""
    outcomes: Counter = Counter()
    for row in TeamTally.objects.all():
        outcomes[row.team_id, row.day, row.outcome] += row.count
    sums: dict = {}
    for tally in InstanceTally.objects.all():
        total = sums.setdefault((tally.instance_id, tally.day), [0, 0, Decimal(0), 0, Decimal(0)])
        for place, name in enumerate(summaries.SUMS):
            total[place] += getattr(tally, name)
    outcomes = Counter({kind: count for kind, count in outcomes.items() if count})
    return outcomes, {kind: total for kind, total in sums.items() if any(total)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=1, max_size=12))
def test_after_any_sequence_of_changes_they_are_what_a_plain_count_says(orders, ledger, steps):
    with transaction.atomic():
        for each in steps:
            take(each, [orders, ledger])
        assert kept() == counted()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_each_status_counts_in_the_database_as_it_does_here():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, backups_outcome(status) FROM unnest(%s::text[]) AS status", [Status.values]
        )
        told = {Status(status): outcome for status, outcome in cursor.fetchall() if outcome}
    assert told == OUTCOMES
