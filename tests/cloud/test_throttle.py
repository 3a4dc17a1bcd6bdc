"""Our own pace: a token bucket whose clock the test turns."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.cloud import TokenBucket


class Clock:
    """A clock that moves only when someone sleeps."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def bucket_at(rate):
    clock = Clock()
    return TokenBucket(rate, clock=clock, sleep=clock.sleep), clock


def test_a_quiet_bucket_lets_a_seconds_worth_through_at_once():
    bucket, clock = bucket_at(5)
    assert all(bucket.take(within_seconds=1) for _ in range(5))
    assert clock.now == 0


def test_then_each_call_waits_its_turn():
    bucket, clock = bucket_at(5)
    for _ in range(15):
        assert bucket.take(within_seconds=30)
    assert clock.now == pytest.approx(2.0)


@given(st.floats(0.1, 50), st.integers(1, 200))
def test_no_second_ever_sees_more_than_the_rate_and_the_burst(rate, calls):
    bucket, clock = bucket_at(rate)
    moments = []
    for _ in range(calls):
        assert bucket.take(within_seconds=1e9)
        moments.append(clock.now)
    elapsed = moments[-1] - moments[0]
    assert calls <= max(rate, 1) + rate * elapsed + 1e-6


def test_a_turn_that_would_come_too_late_is_not_taken():
    bucket, clock = bucket_at(1)
    assert bucket.take(within_seconds=0.1)
    assert not bucket.take(within_seconds=0.5)
    assert not bucket.take(within_seconds=0)
    clock.now += 1
    assert bucket.take(within_seconds=0.1)


def test_threads_take_each_turn_once():
    bucket = TokenBucket(1e6)
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(bucket.take(within_seconds=5) for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [True] * 400


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_is_greater_than_zero(rate):
    with pytest.raises(ValueError, match="greater than zero"):
        TokenBucket(rate)
