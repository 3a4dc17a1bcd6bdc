"""Which policy asks: by what it says of the instance, and by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.models import Instance, Policy
from backups.queries import policies

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "UTC"]
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
windows = st.one_of(st.just((None, None)), st.tuples(times, times))
conditions = st.builds(
    Policy,
    environment=st.sampled_from(["", "production", "staging"]),
    label=st.sampled_from(["", "pci", "core"]),
    weekdays=st.lists(st.integers(1, 7), unique=True),
    zone=st.sampled_from(ZONES),
    weight=st.integers(-5, 5),
    approvals=st.integers(0, 5),
    name=st.text("abc", min_size=1, max_size=3),
)
instances = st.builds(
    Instance,
    environment=st.sampled_from(["", "production", "staging"]),
    labels=st.lists(st.sampled_from(["pci", "core", "eu"]), unique=True),
)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


def windowed(zone: str, begins: time | None, ends: time | None, days: list[int] | None = None) -> Policy:
    return Policy(zone=zone, window_from=begins, window_until=ends, weekdays=days or [])


@given(policy=conditions, instance=instances, window=windows, at=moments)
def test_a_policy_matches_when_each_of_its_conditions_does(policy, instance, window, at):
    policy.window_from, policy.window_until = window
    alone = [
        Policy(environment=policy.environment),
        Policy(label=policy.label),
        windowed(policy.zone, window[0], window[1], policy.weekdays),
    ]
    each = [policies.matches(one, instance, at=at) for one in alone]
    assert policies.matches(policy, instance, at=at) == all(each)


@given(begins=times, ends=times, zone=st.sampled_from(ZONES), at=moments)
def test_a_window_and_its_complement_share_the_day_without_a_gap(begins, ends, zone, at):
    inside = policies.is_in_window(windowed(zone, begins, ends), at=at)
    outside = policies.is_in_window(windowed(zone, ends, begins), at=at)
    assert (inside, outside) == (True, True) if begins == ends else inside != outside


@given(begins=times, ends=times, day=st.integers(1, 7), zone=st.sampled_from(ZONES), at=moments)
def test_a_window_belongs_to_the_day_on_which_it_begins(begins, ends, day, zone, at):
    is_inside = policies.is_in_window(windowed(zone, begins, ends, [day]), at=at)
    wall = at.astimezone(ZoneInfo(zone))
    is_after_midnight = begins > ends and wall.time() < ends
    began = wall.date() - timedelta(days=int(is_after_midnight))
    everyday = policies.is_in_window(windowed(zone, begins, ends), at=at)
    assert is_inside == (everyday and began.isoweekday() == day)


CHANGES = [
    # zone, the day, a wall time that is skipped or None, one that comes twice or None
    ("Europe/Berlin", date(2027, 3, 28), time(2, 30), None),
    ("Europe/Berlin", date(2027, 10, 31), None, time(2, 30)),
    ("America/New_York", date(2027, 3, 14), time(2, 30), None),
    ("America/New_York", date(2027, 11, 7), None, time(1, 30)),
    ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), None),
    ("Australia/Lord_Howe", date(2027, 4, 4), None, time(1, 45)),
]


@pytest.mark.parametrize(("zone", "day", "skipped", "twice"), CHANGES)
def test_when_the_clock_changes_a_window_holds_as_often_as_the_wall_shows_it(zone, day, skipped, twice):
    shown = skipped or twice
    begins = shown.replace(minute=shown.minute // 15 * 15)
    ends = (datetime.combine(day, begins) + timedelta(minutes=15)).time()
    policy = windowed(zone, begins, ends)
    midnight = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    minutes = (midnight + timedelta(minutes=number) for number in range(26 * 60))
    inside = [
        at
        for at in minutes
        if at.astimezone(ZoneInfo(zone)).date() == day and policies.is_in_window(policy, at=at)
    ]
    assert len(inside) == (0 if skipped else 30)


def test_the_weightiest_wins_and_of_two_alike_the_one_that_asks_for_more(govern, orders, lead, dba, now):
    govern(name="all", environment="", approvals=0, weight=-1)
    govern(name="light", weight=1, approvals=1)
    govern(name="none", weight=1, approvals=0)
    orders.team.refresh_from_db()
    found = policies.matching(orders, at=now)
    assert found is not None
    assert found.name == "light"
    type(orders).objects.update(environment="staging")
    orders.refresh_from_db()
    found = policies.matching(orders, at=now)
    assert found is not None
    assert found.name == "all"


def test_without_four_eyes_nobody_is_asked(govern, orders, lead, dba, payments, now):
    govern()
    type(payments).objects.update(four_eyes=False)
    orders.team.refresh_from_db()
    assert policies.matching(orders, at=now) is None
