"""The coverage page, its report and its exports."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Environment
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance


def backed_up(instance, hours: float):
    begun = timezone.now() - timedelta(hours=hours)
    return past(instance, 1, begin_time=begun, end_time=begun + timedelta(minutes=5))


@pytest.fixture
def fleet(orders, ledger, project):
    """One instance in each state."""
    backed_up(orders, 1)
    backed_up(ledger, 26)
    backed_up(make_instance(project, "archive", environment=Environment.STAGING), 50)
    make_instance(project, "empty")


def names(page: str) -> list[str]:
    """The instances of the table, in its order."""
    rows = page.split('class="list coverage"')[1].split('data-label="Instance"><a')[1:]
    return [row.split(">")[1].split("<")[0] for row in rows]


def test_the_worst_covered_instances_come_first_with_their_newest_good_backup(desk, fleet):
    page = desk.get("/coverage/").text
    assert names(page) == ["empty", "archive", "ledger", "orders"]
    for shown in ("Never backed up", "Uncovered", "At risk", "Covered", "26 h 0 min", "2 d 2 h", "30 h"):
        assert shown in page
    assert 'aria-label="Covered: 1, At risk: 1, Uncovered: 1, Never backed up: 1"' in page


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("state=uncovered", ["archive"]),
        ("environment=staging", ["archive"]),
        ("q=LEDG", ["ledger"]),
        ("team=payments&state=never", ["empty"]),
        ("state=dreaming&team=nobody", ["empty", "archive", "ledger", "orders"]),
    ],
)
def test_filters_narrow_the_table(desk, fleet, query, left):
    assert names(desk.get(f"/coverage/?{query}").text) == left


def test_pages_follow_each_other_and_cost_the_same_queries(desk, project, django_assert_num_queries):
    for number in range(60):
        make_instance(project, f"db_{number:02d}")
    with django_assert_num_queries(7):
        page = desk.get("/coverage/").text
    link = page.split('hx-get="/coverage/?before=')[1].split('"')[0]
    more = desk.get(f"/coverage/?before={link}", headers={"HX-Request": "true"}).text
    assert (len(names(page)), more.count('data-label="Instance"'), "<html" in more) == (50, 10, False)
    assert "db_50" in more


@pytest.mark.parametrize("cursor", ["x", "2026-11-23T10:00:00_1_x_y", f"{NOW.isoformat()}_7_{'0' * 32}_a"])
def test_a_cursor_that_is_not_ours_is_a_bad_request(desk, orders, cursor):
    assert desk.get("/coverage/", {"before": cursor}).status_code == 400
    assert desk.get("/instances/", {"before": cursor}).status_code == 400


def test_the_end_of_a_past_day_is_meant_in_the_readers_own_zone(desk, dba, fleet):
    dba.time_zone = "Asia/Shanghai"
    dba.save()
    day = (timezone.now() - timedelta(days=30)).date()
    page = desk.get(f"/coverage/?day={day}").text
    assert f"{day} 23:59:59 +0800" in page
    assert "show it as of now" in page
    assert names(page) == ["archive", "empty", "ledger", "orders"]
    assert 'aria-label="Never backed up: 4"' in page


def test_a_day_to_come_is_now(desk, fleet):
    page = desk.get("/coverage/?day=2999-01-01").text
    assert "show it as of now" not in page
    assert names(page) == ["empty", "archive", "ledger", "orders"]


def test_empty_pages_say_what_to_do(desk, dba):
    assert "Instances appear when a project" in desk.get("/coverage/").text


def test_a_filter_that_nothing_meets_can_be_cleared(desk, orders):
    assert "No instance matches" in desk.get("/coverage/?q=zzz").text
    assert "Show every state" in desk.get("/coverage/?state=covered").text


def test_the_exports_hold_exactly_what_is_filtered(desk, fleet):
    reply = desk.get("/coverage/export.csv?environment=production")
    assert reply["Content-Disposition"].startswith('attachment; filename="coverage-')
    rows = list(csv.DictReader(io.StringIO(reply.getvalue().decode("utf-8-sig"))))
    assert [(row["instance"], row["state"]) for row in rows] == [
        ("empty", "never"),
        ("ledger", "at_risk"),
        ("orders", "covered"),
    ]
    assert (rows[0]["backup"], rows[1]["age_hours"], rows[1]["source"]) == ("", "26.0", "automatic")
    told = json.loads(desk.get("/coverage/export.json?environment=production").getvalue())
    assert [row["instance_id"] for row in told] == [row["instance_id"] for row in rows]


def test_a_name_that_would_start_a_formula_is_quoted(desk, project):
    make_instance(project, "=1+1")
    assert "'=1+1" in desk.get("/coverage/export.csv").getvalue().decode()


def test_the_report_has_every_instance_a_team_after_the_other(desk, project, fleet):
    for number in range(60):
        make_instance(project, f"db-{number:02d}")
    page = desk.get("/coverage/report").text
    assert page.count("<tr><td>") == 64
    assert page.count('class="team-report"') == 1
    assert "No instance matches" in desk.get("/coverage/report?q=zzz").text


def test_another_teams_instances_are_as_if_they_did_not_exist(desk, foreign, orders):
    for path in ("/coverage/", "/coverage/report", "/coverage/?team=storefront", "/instances/"):
        assert "catalog" not in desk.get(path).text
    assert "catalog" not in desk.get("/coverage/export.csv").getvalue().decode()
