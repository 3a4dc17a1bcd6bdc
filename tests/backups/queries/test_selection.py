"""Each filter leaves what it says, and never anything of another team."""

from datetime import timedelta

import pytest

from backups.models import Instance, Role, Status
from backups.queries import history
from backups.queries.history import HistoryFilters
from backups.queries.sorting import SORTS
from tests.backups.queries.test_history import names, past
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve


@pytest.fixture
def several(orders, ledger, foreign, ask):
    Instance.objects.filter(pk=ledger.pk).update(environment="staging")
    past(orders, 1, name="first-one", description="50 % done, or C:\\temp")
    past(orders, 2, name="second_one", status=Status.FAILED, size_mb=None)
    past(ledger, 3, name="third-one", source="elsewhere")
    past(foreign, 4, name="foreign-one", description="50 % done")
    ask(orders, "asked-for")


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, ["asked-for", "first-one", "second_one", "third-one"]),
        ({"statuses": ("FAILED",)}, ["second_one"]),
        ({"statuses": ("FAILED", "QUEUED")}, ["asked-for", "second_one"]),
        ({"statuses": ("FAILED",), "source": "elsewhere"}, []),
        ({"source": "elsewhere"}, ["third-one"]),
        ({"source": "here"}, ["asked-for"]),
        ({"environment": "staging"}, ["third-one"]),
        ({"environment": "staging", "statuses": ("COMPLETED",)}, ["third-one"]),
        ({"person": "dba"}, ["asked-for"]),
        ({"person": "dba", "statuses": ("FAILED",)}, []),
        ({"person": "nobody"}, []),
        ({"team": "storefront"}, []),
        ({"team": "payments", "q": "one"}, ["first-one", "second_one", "third-one"]),
        ({"since": NOW - timedelta(days=2)}, ["asked-for", "first-one", "second_one"]),
        ({"before": NOW - timedelta(days=2)}, ["third-one"]),
        ({"q": "50 %"}, ["first-one"]),
        ({"q": "d_o"}, ["second_one"]),
        ({"q": "c:\\t"}, ["first-one"]),
        ({"q": "FI"}, ["first-one"]),
        ({"q": "ir"}, []),
        ({"q": "%"}, []),
        ({"q": "one", "environment": "staging", "source": "elsewhere"}, ["third-one"]),
    ],
)
def test_a_filter_leaves_what_matches(several, dba, filters, left):
    assert names(dba, **filters) == left


def test_filters_hold_in_every_order(several, dba, orders):
    filters = HistoryFilters(statuses=("COMPLETED", "FAILED"), instances=(orders.pk,), q="one")
    for sort in SORTS.values():
        found = [row.name for row in history.page(dba, filters=filters, sort=sort).rows]
        assert sorted(found) == ["first-one", "second_one"]


def test_what_needs_a_person_is_an_open_decision_or_an_alarm(orders, dba):
    past(orders, 1, name="alarming", alarm="overdue")
    unsure = {"status": Status.UNCONFIRMED, "needs_decision_at": NOW, "begin_time": None, "end_time": None}
    past(orders, 2, name="undecided", **unsure)
    past(orders, 3, name="decided", needs_decision_at=NOW, send_again_by=dba)
    past(orders, 4)
    assert sorted(names(dba, needs_person=True)) == ["alarming", "undecided"]
    assert names(dba, needs_person=True, statuses=("COMPLETED",)) == ["alarming"]
    assert names(dba, needs_person=True, instances=(orders.pk,), person="dba") == []


def test_who_is_in_several_teams_reads_them_merged(several, dba, storefront, foreign):
    both = member("both", storefront, Role.VIEWER)
    assert names(both) == ["foreign-one"]
    dba.memberships.create(team=storefront, roles=["viewer"])
    assert names(dba) == ["asked-for", "first-one", "second_one", "third-one", "foreign-one"]
    assert names(dba, q="50 %") == ["first-one", "foreign-one"]
    assert names(dba, team="storefront") == ["foreign-one"]


def test_another_teams_instance_is_not_read_by_its_id(several, dba, foreign):
    assert names(dba, instances=(foreign.pk,)) == []
    assert history.count_up_to(dba, filters=HistoryFilters(instances=(foreign.pk,)), most=10) == 0


def test_a_count_stops_where_it_may(several, dba):
    counted = [history.count_up_to(dba, filters=HistoryFilters(), most=most) for most in (3, 10)]
    assert counted == [3, 4]


def test_a_row_tells_who_approved_it(policy, orders, ask, dba, lead):
    backup = ask(orders, "before-release")
    assert [row.approved_by for row in history.page(dba, filters=HistoryFilters()).rows] == [""]
    approve(backup, lead)
    assert [row.approved_by for row in history.page(dba, filters=HistoryFilters()).rows] == ["Lead"]
