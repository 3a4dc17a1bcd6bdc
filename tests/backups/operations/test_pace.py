"""How long each next step waits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups import cloud
from backups.operations import pace

MINUTE = timedelta(minutes=1)
spans = st.timedeltas(timedelta(0), timedelta(days=3))
pages = st.integers(1, 200)


def test_the_looks_are_at_the_moments_of_the_rule_then_each_minute_and_at_the_horizon():
    moments, at = [], timedelta(0)
    while at < timedelta(minutes=12):
        at += pace.before_look(at)
        moments.append(at.total_seconds())
    assert moments == [2, 5, 10, 20, 40, *range(60, 721, 60)]


@pytest.mark.parametrize("horizon", [61, 90, 125, 300, 555])
def test_whatever_the_horizon_is_one_look_is_made_at_it(settings, horizon):
    settings.SETTLE_HORIZON_SECONDS = horizon
    at = timedelta(0)
    while at < timedelta(seconds=horizon):
        at += pace.before_look(at)
    assert at == timedelta(seconds=horizon)


@given(unknown_for=spans)
def test_a_look_is_never_due_at_once_and_never_more_than_a_minute_away(unknown_for):
    assert timedelta(0) < pace.before_look(unknown_for) <= MINUTE


@given(running=spans, usual=st.none() | spans, pages=pages)
def test_a_follow_is_never_too_soon_too_late_or_more_than_half_of_our_calls(running, usual, pages):
    wait = pace.before_follow(running, usual=usual, pages=pages)
    affordable = timedelta(seconds=2 * pages / 5.0)
    assert wait >= max(pace.FIRST_FOLLOW, affordable)
    assert wait <= max(pace.SLOWEST_FOLLOW, affordable)


@given(running=spans, longer=spans)
def test_without_a_past_it_is_followed_more_slowly_the_longer_it_runs(running, longer):
    soon = pace.before_follow(running, usual=None, pages=1)
    assert soon <= pace.before_follow(running + longer, usual=None, pages=1)


@given(running=spans, usual=spans)
def test_the_past_of_the_instance_only_makes_it_quicker(running, usual):
    known = pace.before_follow(running, usual=usual, pages=1)
    assert known <= pace.before_follow(running, usual=None, pages=1)


def test_around_the_time_that_it_usually_takes_it_is_followed_closely():
    usual = timedelta(minutes=10)
    assert pace.before_follow(usual, usual=usual, pages=1) == timedelta(seconds=10)
    assert pace.before_follow(timedelta(minutes=2), usual=usual, pages=1) == timedelta(seconds=12)


@given(failures=st.integers(0, 10_000))
def test_a_probe_waits_between_five_seconds_and_a_minute(failures):
    assert pace.SHORTEST_RETRY <= pace.before_probe(failures) <= pace.LONGEST_PROBE


@given(
    attempts=st.integers(0, 10_000),
    retry_after=st.none() | st.floats(0, 900),
    status=st.sampled_from([None, 409, 429, 503]),
)
def test_no_wait_before_a_new_attempt_is_shorter_than_a_second_or_longer_than_15_minutes(
    attempts, retry_after, status
):
    error = cloud.CloudLater("later", http_status=status, retry_after=retry_after)
    wait = pace.before_next_attempt(error, attempts=attempts)
    assert timedelta(seconds=1) <= wait <= timedelta(minutes=15)


@given(retry_after=st.floats(1, 900), attempts=st.integers(1, 50))
def test_what_the_cloud_asks_for_is_what_it_gets(retry_after, attempts):
    error = cloud.CloudLater("later", http_status=429, retry_after=retry_after)
    assert pace.after_429(error, attempts=attempts) == timedelta(seconds=retry_after)


def test_a_credential_waits_as_long_as_a_lock_and_a_certificate_as_long_as_anything():
    wrong, untrue = cloud.CredentialFailed("wrong"), cloud.CertificateRefused("expired")
    assert pace.before_next_attempt(wrong, attempts=1) == timedelta(minutes=5)
    assert pace.before_next_attempt(untrue, attempts=1) == timedelta(minutes=5)


def test_a_call_waits_for_a_lane_only_as_long_as_its_lease_allows(settings):
    waited = timedelta(seconds=pace.lane_patience())
    assert waited + timedelta(seconds=settings.CLOUD_DEADLINE_SECONDS) < pace.lease()
