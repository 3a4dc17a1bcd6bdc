"""One pace for all who call with a credential (contract.md, "Errors": five calls a second)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from backups import cloud
from backups.operations.lanes import LANES, Lanes

RATE = 5.0


@pytest.fixture
def lanes(project, settings) -> Lanes:
    """The lanes of a credential that has not called yet."""
    settings.CLOUD_CALLS_PER_SECOND = RATE
    return Lanes(project.credential.pk)


def take(lanes: Lanes, *, within_seconds: float) -> None:
    with lanes.turn(within_seconds=within_seconds):
        pass


def test_after_a_quiet_second_a_seconds_calls_go_at_once_and_no_more(lanes):
    for _ in range(int(RATE)):
        take(lanes, within_seconds=0)
    with pytest.raises(cloud.NotOurTurn):
        take(lanes, within_seconds=0)


def test_in_the_long_run_calls_keep_the_rate(lanes):
    began = time.monotonic()
    for _ in range(15):
        take(lanes, within_seconds=5)
    assert time.monotonic() - began >= (15 - RATE) / RATE - 0.1


def test_a_turn_that_would_come_too_late_is_not_taken_and_costs_the_others_nothing(lanes):
    for _ in range(int(RATE)):
        take(lanes, within_seconds=0)
    for _ in range(20):
        with pytest.raises(cloud.NotOurTurn):
            take(lanes, within_seconds=0)
    take(lanes, within_seconds=2 / RATE)


def test_a_rate_below_one_call_a_second_is_kept_too(lanes, settings):
    settings.CLOUD_CALLS_PER_SECOND = 0.5
    take(lanes, within_seconds=0)
    with pytest.raises(cloud.NotOurTurn):
        take(lanes, within_seconds=1)
    take(lanes, within_seconds=3)


def test_during_a_pause_nobody_calls_and_the_longer_of_two_pauses_counts(lanes):
    lanes.pause(60)
    lanes.pause(1)
    with pytest.raises(cloud.NotOurTurn):
        take(lanes, within_seconds=50)


def test_a_short_pause_is_waited_for(lanes):
    began = time.monotonic()
    lanes.pause(0.5)
    take(lanes, within_seconds=5)
    assert time.monotonic() - began >= 0.5


def test_other_credentials_have_a_pace_of_their_own(lanes, foreign):
    lanes.pause(60)
    take(Lanes(foreign.project.credential.pk), within_seconds=0)


@pytest.mark.django_db(transaction=True)
def test_at_most_four_call_at_a_time_whatever_process_they_are_in(lanes):
    running, most, guard = 0, 0, threading.Lock()

    def call(_: int) -> None:
        nonlocal running, most
        try:
            with lanes.lane(within_seconds=20):
                with guard:
                    running += 1
                    most = max(most, running)
                time.sleep(0.1)
                with guard:
                    running -= 1
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(call, range(20)))
    assert most == LANES < 5


@pytest.mark.django_db(transaction=True)
def test_a_caller_who_dies_gives_its_lane_up_and_one_who_waits_in_vain_is_told(lanes):
    taken, end = threading.Barrier(LANES + 1), threading.Event()

    def call(_: int) -> None:
        with lanes.lane(within_seconds=5):
            taken.wait(10)
            end.wait(20)
            connection.close()  # as the database sees a process that was killed

    with ThreadPoolExecutor(LANES) as pool:
        calls = [pool.submit(call, number) for number in range(LANES)]
        taken.wait(10)
        with pytest.raises(cloud.NotOurTurn), lanes.lane(within_seconds=0.2):
            pass
        end.set()
        for each in calls:
            each.exception()
    with lanes.lane(within_seconds=5):
        pass


def test_a_lane_is_given_back_when_the_call_fails(lanes):
    for _ in range(2 * LANES):
        with pytest.raises(ZeroDivisionError), lanes.lane(within_seconds=0):
            raise ZeroDivisionError
