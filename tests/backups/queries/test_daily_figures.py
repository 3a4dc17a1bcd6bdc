"""What pages read of the kept daily summaries."""

from datetime import date, timedelta

from backups.queries import summaries
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW

EVER = date(2000, 1, 1)


def test_a_day_tells_what_its_backups_came_to(orders, ledger, foreign):
    for instance, status in (
        (orders, "COMPLETED"),
        (orders, "DELETED"),
        (ledger, "FAILED"),
        (foreign, "FAILED"),
    ):
        past(instance, 3, status=status)
    past(orders, 3, name="running", status="BUILDING", next_action_at=NOW)
    told = summaries.of_teams([orders.team_id], since=EVER)
    assert list(told.values()) == [summaries.Day(date(2026, 11, 20), good=2, failed=1)]
    assert summaries.of_teams([orders.team_id], since=date(2026, 11, 21)) == {}


def test_an_instances_day_tells_the_average_of_its_good_backups(orders):
    past(orders, 3, size_mb=1000.0, end_time=NOW - timedelta(days=3) + timedelta(minutes=4))
    past(orders, 3, size_mb=None, end_time=NOW - timedelta(days=3) + timedelta(minutes=8))
    past(orders, 3, status="FAILED", size_mb=5.0)
    assert summaries.of_instance(orders, since=EVER) == [
        summaries.InstanceDay(date(2026, 11, 20), count=2, seconds=360.0, size_mb=1000.0)
    ]
