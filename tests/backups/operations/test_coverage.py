"""A team is told whose coverage is at risk, lost or restored: once, together, and without a storm."""

from datetime import timedelta

import pytest
from django.db import connection

from backups.models import Coverage, Event, Instance, Notice, Occasion, Pulse
from backups.operations import coverage
from tests.backups.queries.test_coverage import HOUR, MINUTE, good
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, list[str]]]:
    events = Event.objects.filter(verb__startswith="coverage").order_by("id")
    return [(event.verb, [each["name"] for each in event.data["instances"]]) for event in events]


@pytest.fixture
def covered(orders):
    """The instance has a backup of now, and its team knows."""
    good(orders, timedelta(0), end_time=NOW)
    coverage.tell(at=NOW)
    return orders


def test_the_first_good_news_of_an_instance_is_no_news(covered):
    covered.refresh_from_db()
    assert covered.coverage == Coverage.COVERED
    assert told() == []


def test_a_team_hears_of_each_step_down_and_of_the_way_back_up(covered):
    for age in (24, 25, 30, 31, 40):
        coverage.tell(at=NOW + age * HOUR)
    good(covered, -41 * HOUR, end_time=NOW + 41 * HOUR)
    coverage.tell(at=NOW + 41 * HOUR)
    assert told() == [
        ("coverage_at_risk", ["orders"]),
        ("coverage_lost", ["orders"]),
        ("coverage_restored", ["orders"]),
    ]
    event = Event.objects.get(verb="coverage_lost")
    [said] = event.data["instances"]
    assert said == {"name": "orders", "id": covered.cloud_id, "was": "at_risk", "is": "uncovered"}
    assert (event.team, event.at, event.actor) == (covered.team, NOW + 31 * HOUR, None)


def test_a_new_instance_has_the_time_of_its_target_to_get_its_first_backup(orders):
    Instance.objects.update(found_at=NOW)
    coverage.tell(at=NOW + 30 * HOUR - MINUTE)
    assert told() == []
    coverage.tell(at=NOW + 30 * HOUR)
    coverage.tell(at=NOW + 40 * HOUR)
    assert told() == [("coverage_lost", ["orders"])]


def test_a_backup_that_only_turns_up_old_is_no_news(orders):
    coverage.tell(at=NOW)
    good(orders, 40 * HOUR)
    coverage.tell(at=NOW + HOUR)
    assert told() == [("coverage_lost", ["orders"])]
    assert Instance.objects.get().coverage == Coverage.UNCOVERED


def test_what_changes_within_half_an_hour_of_the_last_word_is_told_together(covered, ledger, project):
    good(ledger, -5 * MINUTE, end_time=NOW + 5 * MINUTE)
    good(make_instance(project, "archive"), -9 * MINUTE, end_time=NOW + 9 * MINUTE)
    coverage.tell(at=NOW + 10 * MINUTE)
    for minutes in range(1, 45):
        coverage.tell(at=NOW + 24 * HOUR + minutes * MINUTE)
    assert told() == [("coverage_at_risk", ["orders"]), ("coverage_at_risk", ["archive", "ledger"])]


def test_the_next_word_comes_half_an_hour_after_the_last_and_no_sooner(covered, ledger):
    coverage.tell(at=NOW)
    assert told() == [("coverage_lost", ["ledger"])]
    good(ledger, timedelta(0), end_time=NOW)
    coverage.tell(at=NOW + 30 * MINUTE - timedelta(microseconds=1))
    assert len(told()) == 1
    coverage.tell(at=NOW + 30 * MINUTE)
    assert told()[1:] == [("coverage_restored", ["ledger"])]


def test_an_outage_of_many_fills_several_events_and_one_notice(project, by_mail):
    for number in range(201):
        make_instance(project, f"db-{number:04d}")
    coverage.tell(at=NOW)
    assert [len(names) for _verb, names in told()] == [200, 1]
    notice = Notice.objects.get()
    assert notice.occasion == Occasion.COVERAGE
    assert notice.event
    assert (notice.event.data["count"], notice.event.data["part"]) == (201, 1)


def test_an_instance_that_is_gone_is_not_told_of(orders):
    Instance.objects.update(gone_at=NOW)
    coverage.tell(at=NOW + HOUR)
    assert told() == []


@pytest.fixture
def another(transactional_db):
    """What another process does at the same time."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        yield cursor
    other.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "held", ["SELECT pg_advisory_xact_lock(7304)", "SELECT FROM backups_instance FOR UPDATE"]
)
def test_what_another_process_does_just_now_is_left_to_it(orders, another, held):
    another.execute(held)
    coverage.tell(at=NOW)
    assert (told(), Instance.objects.get().coverage) == ([], "")
    another.execute("ROLLBACK")
    coverage.tell(at=NOW)
    assert told() == [("coverage_lost", ["orders"])]


def test_the_reconciler_looks_once_a_minute_however_often_it_asks(orders):
    for seconds, looked in ((0, 0), (59, 0), (60, 60), (119, 60), (120, 120)):
        coverage.take_turn(at=NOW + timedelta(seconds=seconds))
        assert Pulse.objects.get(name="coverage").at == NOW + timedelta(seconds=looked)
    assert Instance.objects.get().coverage == Coverage.NEVER
