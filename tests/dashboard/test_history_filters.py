"""The list of backups as its address says: everything chosen is in the address, and nothing else counts."""

import re
from datetime import UTC, datetime

import pytest

from backups.models import Instance, Role, Status
from tests.backups.queries.test_history import past
from tests.fixtures.cast import member


@pytest.fixture
def several(orders, ledger, ask):
    past(orders, 1, name="first-one", size_mb=5.0)
    past(ledger, 2, name="second-one", status=Status.FAILED, size_mb=9.0)
    past(ledger, 3, name="third-one", source="elsewhere", size_mb=None)
    ask(orders, "asked-for")


def shown(page: str) -> list[str]:
    return re.findall(r'data-label="Name"><a href="[^"]+">([^<]+)<', page)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("status=FAILED&status=QUEUED", ["asked-for", "second-one"]),
        ("status=FAILED&status=DREAMING", ["second-one"]),
        ("instance=LEDGER", ["second-one", "third-one"]),
        ("environment=staging", []),
        ("source=elsewhere", ["third-one"]),
        ("person=dba", ["asked-for"]),
        ("since=2026-11-22", ["asked-for", "first-one"]),
        ("until=2026-11-20", ["third-one"]),
        ("since=2026-11-20T14:10:00Z&until=2026-11-21T14:10:00Z", ["third-one"]),
        ("attention=on", []),
        ("sort=-size", ["second-one", "first-one", "asked-for", "third-one"]),
        ("sort=size&q=one", ["first-one", "second-one", "third-one"]),
        ("sort=started", ["third-one", "second-one", "first-one", "asked-for"]),
    ],
)
def test_the_list_shows_what_the_address_says(desk, several, query, left):
    page = desk.get(f"/backups/?{query}").text
    found = shown(page)
    assert (found if "sort" in query else sorted(found)) == left


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("instance=nowhere", "No instance of your teams has the name or ID “nowhere”."),
        ("instance=catalog", "No instance of your teams"),
        ("since=yesterday", "“yesterday” is no date"),
        ("since=2026-11-20T10:00:00", "is no date"),
        ("until=9999-12-31", "is no date"),
        ("since=2026-11-20&until=2026-11-10", "before the beginning"),
        ("q=%00", "Null characters"),
        ("team=storefront", "not one of the available choices"),
        ("sort=-nonsense", "not one of the available choices"),
    ],
)
def test_what_cannot_be_read_says_so_at_its_field_and_filters_nothing(desk, several, foreign, query, told):
    page = desk.get(f"/backups/?{query}").text
    assert told in page
    assert len(shown(page)) >= 3
    assert f"?{query}" not in page.split('id="live"')[1].split(">")[0]


def test_a_bare_date_is_a_day_of_the_readers_own_zone(desk, several, orders, dba):
    dba.time_zone = "Asia/Shanghai"
    dba.save()
    late = datetime(2026, 11, 10, 17, tzinfo=UTC)  # the 11th in Shanghai
    past(orders, 10, name="after-midnight", requested_at=late, begin_time=late, end_time=late)
    found = [
        shown(desk.get(f"/backups/?since={day}&until={day}").text) for day in ("2026-11-10", "2026-11-11")
    ]
    assert found == [[], ["after-midnight"]]


def test_an_instance_is_named_by_its_id_too_and_told_by_its_name(desk, several, ledger, project):
    for named in (ledger.pk, ledger.cloud_id):
        page = desk.get(f"/backups/?instance={named}").text
        assert sorted(shown(page)) == ["second-one", "third-one"]
        assert '<span class="muted">Instance:</span> ledger' in page
    past(
        Instance.objects.create(
            team=project.team, project=project, cloud_id="x", name="ledger", seen_at=ledger.seen_at
        ),
        5,
    )
    assert len(shown(desk.get("/backups/?instance=ledger").text)) == 3


def test_each_chip_leads_to_the_list_without_it(desk, several):
    page = desk.get("/backups/?status=FAILED&status=QUEUED&q=one&sort=size&nonsense=1").text
    without = [
        found.replace("&amp;", "&") for found in re.findall(r'class="chip" href="/backups/\?([^"]*)"', page)
    ]
    assert without == [
        "status=QUEUED&status=FAILED&sort=size",
        "q=one&status=FAILED&sort=size",
        "q=one&status=QUEUED&sort=size",
    ]


def test_a_column_sorts_downwards_then_upwards_and_says_so(desk, several):
    page = desk.get("/backups/?q=one").text
    assert 'aria-sort="descending"><a class="sort" href="/backups/?q=one&amp;sort=started">Started' in page
    assert 'href="/backups/?q=one&amp;sort=-size">Size' in page
    page = desk.get("/backups/?q=one&sort=-size").text
    assert 'aria-sort="descending"><a class="sort" href="/backups/?q=one&amp;sort=size">Size' in page
    assert 'href="/backups/?q=one">Started' in page
    assert "Backups: Biggest first" in page


def test_the_next_page_goes_on_in_the_same_order_with_the_same_filters(desk, orders):
    for number in range(1, 60):
        past(orders, number)
    page = desk.get("/backups/?sort=-took&status=COMPLETED").text
    more = re.search(r'hx-get="([^"]*before[^"]*)"', page)
    assert more
    rest = desk.get(more.group(1).replace("&amp;", "&"), headers={"HX-Request": "true"}).text
    assert shown(page)[:1] == ["auto-0059"]
    assert shown(rest) == [f"auto-{number:04d}" for number in range(9, 0, -1)]


def test_instances_are_proposed_by_part_of_their_name_or_id(desk, orders, ledger, foreign):
    assert 'value="orders"' in desk.get("/backups/instances?instance=ORD").text
    assert 'value="orders"' in desk.get(f"/backups/instances?instance={orders.cloud_id[:9]}").text
    assert "<option" not in desk.get("/backups/instances?instance=catalog%00").text


def test_who_is_in_no_team_is_told_whom_to_ask(client, several, payments):
    newcomer = member("newcomer", payments, Role.VIEWER)
    newcomer.memberships.all().delete()
    client.force_login(newcomer)
    assert "Ask an admin of a team to add you" in client.get("/backups/").text


def test_an_empty_list_says_how_so_few_letters_are_looked_for(desk, several):
    assert "beginning of a name" in desk.get("/backups/?q=zz").text
    assert "beginning of a name" not in desk.get("/backups/?q=zzz").text
