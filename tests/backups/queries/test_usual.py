"""What is usual for an instance, and what is not."""

from datetime import timedelta

import pytest

from backups.models import Backup
from backups.queries import usual
from backups.queries.usual import Odd, Run
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW


def run(instance, number: int, *, minutes: float, size_mb: float = 1000.0, **values) -> Backup:
    begun = NOW - timedelta(days=number)
    ended = begun + timedelta(minutes=minutes)
    return past(instance, number, end_time=ended, size_mb=size_mb, **values)


@pytest.fixture
def steady(orders) -> None:
    """Twenty runs of 8 to 12 minutes and 1,000 MB; older ones were much shorter."""
    for number in range(1, 21):
        run(orders, number, minutes=8 + number % 5)
    for number in range(21, 30):
        run(orders, number, minutes=2)


def test_the_usual_is_the_middle_half_of_the_last_twenty_good_runs(steady, orders, ledger):
    run(orders, 0, minutes=500, status="FAILED")
    assert usual.of(orders) == usual.Usual(20, 600.0, 1000.0, 540.0, 660.0, 1000.0, 1000.0)
    assert usual.of(ledger) == usual.Usual()


def test_a_run_is_compared_with_what_was_usual_before_it(steady, orders):
    slow = run(orders, 0, minutes=20, size_mb=1500.0)
    assert usual.before(slow).seconds == 600.0
    told = usual.odd_rows(orders, newest=NOW, rows=5)
    assert told == {slow.pk: Odd(1, 1)}
    assert usual.against(Run(1200.0, 1500.0), usual.before(slow)) == Odd(1, 1)


def test_a_page_of_the_past_is_judged_by_its_own_past(steady, orders):
    told = usual.odd_rows(orders, newest=NOW - timedelta(days=20), rows=1)
    assert list(told.values()) == [Odd(1, 0)]  # the first of the longer ones


def test_a_run_can_be_too_quick_and_too_small(steady, orders):
    assert usual.against(Run(60.0, 500.0), usual.of(orders)) == Odd(-1, -1)


def test_a_little_more_than_always_the_same_is_usual():
    assert list(usual.odd([Run(100.0, 10.0)] * 9 + [Run(109.0, 9.1), Run(111.0, 8.9)]))[-2:] == [
        Odd(),
        Odd(1, -1),
    ]


def test_with_a_short_past_or_unknown_figures_nothing_is_out_of_the_usual(orders):
    for number in range(1, 5):
        run(orders, number, minutes=10)
    assert usual.against(Run(9000.0, None), usual.of(orders)) == Odd()
    assert list(usual.odd([*[Run(1.0, None)] * 4, Run(99.0, None)]))[-1] == Odd()
    assert list(usual.odd([*[Run(1.0, None)] * 9, Run(None, 5.0)]))[-1] == Odd()


def test_the_window_says_what_the_database_says(steady, orders):
    runs = [Run(60.0 * (8 + number % 5), 1000.0) for number in range(20)]
    past_of_all = usual.of(orders)
    for seconds in (300.0, 359.0, 361.0, 700.0, 839.0, 841.0):
        last = Run(seconds, 1000.0)
        assert list(usual.odd([*runs, last]))[-1] == usual.against(last, past_of_all)
