"""The first page goes on by itself, costs the same whatever there is, and is silent when nothing happens."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backups.models import Backup
from backups.operations import claims
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

QUIET = NOW + timedelta(seconds=30)
WHOLE = NOW + timedelta(minutes=1)


def poll_of(page: str) -> str:
    return "/live?" + page.split('hx-get="/live?')[1].split('"', maxsplit=1)[0].replace("&amp;", "&")


@pytest.fixture
def open_page(transactional_db, desk, orders, ask):
    """A page that shows one queued backup, and the poll that it makes."""
    backup = ask(orders, "before-release")
    with time_machine.travel(QUIET, tick=False) as clock:
        yield backup, poll_of(desk.get("/").text), clock


def test_a_poll_answers_nothing_until_something_happened_and_then_the_answers(desk, open_page):
    backup, poll, _ = open_page
    assert desk.get(poll).status_code == 204
    claims.claim(backup.pk, at=NOW)
    told = desk.get(poll).text
    assert 'id="answers"' in told
    assert f'<tr id="backup-{backup.pk}" hx-swap-oob="true"' in told
    assert desk.get(poll_of(told)).status_code == 204


def test_newer_backups_are_counted_and_push_nothing_down(desk, open_page, ledger, ask):
    _, poll, _ = open_page
    ask(ledger, "newer-one", at=QUIET)
    told = desk.get(poll).text
    assert "1 newer backup: show it" in told


def test_a_backup_that_ends_shows_on_the_day(desk, open_page, orders):
    _, poll, _ = open_page
    past(orders, 0)
    day = desk.get(poll).text.split('id="today" hx-swap-oob="true"')[1]
    assert "23 November 2026: 1 good" in day.split(">")[0]


def test_once_a_minute_it_looks_at_what_changes_with_the_time_alone(desk, open_page, ledger):
    _, poll, clock = open_page
    make_instance(ledger.project, "never-backed-up")  # no backup changes by that
    assert desk.get(poll).status_code == 204
    clock.move_to(WHOLE)
    told = desk.get(poll).text
    assert 'id="coverage-title"' in told
    assert desk.get(poll_of(told)).status_code == 204


def test_a_poll_that_cannot_be_read_does_no_harm(desk, open_page):
    assert desk.get("/live?since=x&mark=y&seen=z").status_code == 204


def queries_of(desk, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        desk.get(path)
    return len(queries)


def test_it_costs_the_same_queries_whatever_there_is(desk, orders, ledger, ask):
    past(orders, 1)
    past(orders, 1, status="FAILED")
    running = ask(orders, "running-now")
    Backup.objects.filter(pk=running.pk).update(status="BUILDING", cloud_id="a", begin_time=NOW)
    ask(orders, "next-one")
    few = queries_of(desk, "/")
    for number in range(40):
        past(ledger, number % 9, status="FAILED" if number % 3 else "COMPLETED")
        ask(make_instance(orders.project, f"more-{number}"), "before-release")
    assert queries_of(desk, "/") == few <= 25
