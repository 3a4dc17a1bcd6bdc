"""Pages that follow what happens, and are silent when nothing does."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from backups.models import Backup
from backups.operations import claims
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW


def test_a_quiet_list_polls_every_fifteen_seconds(desk, orders):
    past(orders, 1)
    assert "every 15s" in desk.get("/backups/").text


@pytest.mark.django_db(transaction=True)
def test_a_poll_answers_nothing_until_a_row_changed_and_then_that_row(desk, orders, ledger, ask):
    ask(ledger, "another-one")
    backup = ask(orders, "before-release")
    poll = desk.get("/backups/").text.split('hx-get="/backups/live?')[1].split('"')[0].replace("&amp;", "&")
    assert desk.get(f"/backups/live?{poll}").status_code == 204
    claims.claim(backup.pk, at=NOW)
    told = desk.get(f"/backups/live?{poll}").text
    assert "Submitting" in told
    assert "another-one" not in told
    assert 'hx-swap-oob="true"' in told


@pytest.mark.django_db(transaction=True)
def test_a_row_that_leaves_the_filter_stays_and_is_marked(desk, orders, ask):
    backup = ask(orders, "before-release")
    page = desk.get("/backups/?status=QUEUED").text
    poll = page.split('hx-get="/backups/live?')[1].split('"')[0].replace("&amp;", "&")
    claims.claim(backup.pk, at=NOW)
    told = desk.get(f"/backups/live?{poll}").text
    assert "has left this filter" in told
    assert "newer backup" not in told


@pytest.mark.django_db(transaction=True)
def test_a_list_that_shows_nothing_counts_only_what_it_would_show(desk, orders, ask):
    page = desk.get("/backups/?status=FAILED").text
    poll = page.split('hx-get="/backups/live?')[1].split('"')[0].replace("&amp;", "&")
    ask(orders, "before-release")
    assert "newer backup" not in desk.get(f"/backups/live?{poll}").text
    assert "1 newer backup" in desk.get(f"/backups/live?{poll.replace('FAILED', 'QUEUED')}").text


def test_a_building_backup_tells_what_is_left_and_lets_the_page_count_on(desk, orders, ask):
    past(orders, 10)  # took ten minutes
    backup = ask(orders, "before-release")
    Backup.objects.filter(pk=backup.pk).update(status="BUILDING", cloud_id="a", begin_time=NOW)
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        for path in ("/backups/", f"/backups/{backup.pk}/"):
            page = desk.get(path).text
            assert "bout 6 min left" in page
            assert 'value="40"' in page
            assert 'data-begun="2026-11-23T14:10:00+00:00" data-usual="600"' in page
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert ">longer than usual<" in desk.get("/backups/").text


def test_the_live_page_answers_only_when_the_revision_changed(desk, orders, ask):
    backup = ask(orders, "before-release")
    backup.refresh_from_db()
    live = f"/backups/{backup.pk}/live?revision="
    assert desk.get(f"{live}{backup.revision}").status_code == 204
    assert "before-release" in desk.get(f"{live}{backup.revision - 1}").text


@pytest.mark.django_db(transaction=True)
def test_a_poll_that_finds_nothing_reads_the_backups_once_and_renders_nothing(desk, orders):
    past(orders, 1)
    page = desk.get("/backups/").text
    poll = page.split('hx-get="/backups/live?')[1].split('"')[0].replace("&amp;", "&")
    asked: list[str] = []

    def note(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        reply = desk.get(f"/backups/live?{poll}")
    assert (reply.status_code, reply.content) == (204, b"")
    assert len(asked) == 3  # session, reader, and what changed
    assert len([sql for sql in asked if "backups_backup" in sql]) == 1


@pytest.mark.parametrize("since", ["", "-1", "x", "1" * 30, "²"])
def test_a_poll_that_cannot_be_read_finds_nothing(desk, orders, since):
    assert desk.get("/backups/live", {"since": since}).status_code == 204
