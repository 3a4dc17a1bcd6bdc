"""The first page: four answers, the year, and the newest backups."""

from datetime import timedelta

import pytest
import time_machine

from backups.models import Backup, Instance, Membership, Project, Role
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve


@pytest.fixture(autouse=True)
def at_that_time():
    """The story's own day."""
    with time_machine.travel(NOW, tick=False):
        yield


def card(page: str, name: str) -> str:
    """One of the answers."""
    return page.split(f'aria-labelledby="{name}-title"')[1].split("</section>", maxsplit=1)[0]


def figure(page: str, name: str) -> str:
    return card(page, name).split('class="figure"')[1].split(">")[1].split("<")[0]


def test_it_tells_what_runs_how_much_is_left_and_what_waits_behind_it(desk, orders, ask):
    past(orders, 10)
    backup, behind = ask(orders, "before-release"), ask(orders, "next-one", at=NOW + timedelta(seconds=1))
    begun = NOW - timedelta(minutes=4)
    Backup.objects.filter(pk=backup.pk).update(status="BUILDING", cloud_id="a", begin_time=begun)
    page = desk.get("/").text
    told = card(page, "running")
    assert told.index(f'id="runs-{backup.pk}"') < told.index(f'id="runs-{behind.pk}"')
    for shown in ("6 min left", "waits for before-release", "1 more waits for its turn"):
        assert shown in told
    assert figure(page, "running") == "1"
    assert "every 1s" in page


def test_it_tells_the_lead_what_to_approve_and_the_dba_what_waits_for_others(client, asked_for, lead, dba):
    client.force_login(lead)
    page = client.get("/").text
    assert figure(page, "tasks") == "1"
    assert f"/approvals/{asked_for.pk}/" in card(page, "tasks")
    client.force_login(dba)
    page = client.get("/").text
    assert figure(page, "tasks") == "0"
    assert "waits for others" in card(page, "tasks")
    assert "1 of yours waits for others" in card(page, "tasks")
    approve(asked_for, lead)
    assert "Nothing waits for you" in card(client.get("/").text, "tasks")


def test_a_decision_waits_for_whoever_may_take_it(client, orders, dba, auditor, ask):
    lost = ask(orders, "lost-one")
    Backup.objects.filter(pk=lost.pk).update(status="UNCONFIRMED", needs_decision_at=NOW, fence=1)
    for reader, to_do in ((dba, "1"), (auditor, "0")):
        client.force_login(reader)
        page = client.get("/").text
        assert figure(page, "tasks") == to_do
        assert "needs a decision" in card(page, "troubles")
        assert figure(page, "troubles") == "1"


def test_a_review_waits_for_another_than_the_one_who_broke_the_glass(client, orders, lead, dba):
    past(
        orders, 1, is_break_glass=True, review_by=NOW, reason="fire", change_ticket="INC-1", requested_by=dba
    )
    for reader, to_do in ((lead, "1"), (dba, "0")):
        client.force_login(reader)
        assert figure(client.get("/").text, "tasks") == to_do


def test_what_failed_lately_stands_before_what_a_later_one_has_mended(desk, orders, ledger):
    old = past(orders, 9, status="FAILED")
    mended, bare = past(orders, 2, status="FAILED"), past(ledger, 3, status="FAILED")
    past(orders, 1)
    page = desk.get("/").text
    told = card(page, "troubles")
    assert figure(page, "troubles") == "2"
    assert told.index(str(bare.pk)) < told.index(str(mended.pk))
    assert told.count("good since") == 1
    assert str(old.pk) not in told


def test_a_day_of_the_calendar_leads_to_its_backups(desk, orders, ledger, foreign):
    past(orders, 3)
    past(ledger, 3, status="FAILED")
    past(foreign, 3)
    page = desk.get("/").text
    link = "/backups/?since=2026-11-20T00:00:00Z&amp;until=2026-11-21T00:00:00Z"
    assert f'data-look="mixed" href="{link}" aria-label="Friday 20 November 2026: 1 good, 1 failed"' in page
    assert page.count('<a class="day"') == 1
    assert "1 good, 1 failed, 0 not carried out" in page


def test_nothing_of_another_team_is_told(client, orders, stranger, ask, asked_for):
    past(orders, 1, status="FAILED")
    client.force_login(stranger)
    page = client.get("/").text
    assert [figure(page, name) for name in ("running", "tasks", "troubles", "coverage")] == ["0"] * 4
    assert "orders" not in page


def test_an_empty_installation_says_what_comes_next(client, admin, dba, payments):
    def told(reader) -> str:
        client.force_login(reader)
        return client.get("/").text

    assert "/projects/new" in told(admin).split("Enter a project of your cloud first")[1]
    assert "An admin of your team can enter one" in told(dba)
    Project.objects.create(
        team=payments,
        name="p",
        project_id="0" * 32,
        created_at=NOW,
        next_sync_at=NOW,
        region="r",
        endpoint="e",
    )
    assert "No instance has been read yet" in told(admin)
    Instance.objects.create(team=payments, project=Project.objects.get(), cloud_id="i", name="i", seen_at=NOW)
    assert "A requester of your team can ask for it" in told(admin)
    Membership.objects.filter(user=admin).update(roles=[Role.ADMIN, Role.REQUESTER])
    assert 'href="/backups/new"' in told(admin).split("No backup yet")[1]
