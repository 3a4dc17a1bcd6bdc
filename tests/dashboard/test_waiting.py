"""What waits: for whom, until when on the reader's own clock, and that it changed meanwhile."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Membership, Role, User
from backups.operations import creation, glass
from tests.fixtures.cast import member
from tests.fixtures.consent import approve


@pytest.fixture
def waiting(policy, orders, ask) -> Backup:
    return ask(orders, "before-release", at=timezone.now())


@pytest.fixture
def leads_desk(client: Client, lead) -> Client:
    client.force_login(lead)
    return client


@pytest.fixture
def broken(orders, dba, policy) -> Backup:
    """The glass that the DBA broke."""
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    draft = creation.Draft(orders, "at-night", "", "disk fails", "INC-1", breaks_glass=True)
    return creation.create_backups([draft], by=dba, at=timezone.now(), client_token=uuid4())[0]


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns", ""])
def test_deadlines_are_told_on_the_clock_of_the_reader(waiting, leads_desk, zone):
    User.objects.update(time_zone=zone)
    with timezone.override(zone or None):
        local = timezone.localtime(waiting.approve_by)
    expected = f"{local:%Y-%m-%d %H:%M} {local.isoformat()[-6:]}"
    for page in ("/approvals/", f"/approvals/{waiting.pk}/", f"/backups/{waiting.pk}/"):
        assert expected in leads_desk.get(page).text


def test_a_deadline_that_is_near_stands_out(waiting, leads_desk):
    near = 'class="deadline" data-tone="bad"'
    assert near not in leads_desk.get("/approvals/").text
    Backup.objects.update(approve_by=timezone.now() + timedelta(minutes=50))
    assert near in leads_desk.get("/approvals/").text


def test_how_many_have_agreed_and_who_stands_beside_the_request(govern, orders, ask, lead, payments, client):
    govern(approvals=2)
    backup = ask(orders, "before-release", at=timezone.now())
    other = member("other", payments, Role.APPROVER)
    approve(backup, lead, at=timezone.now())
    client.force_login(other)
    assert "Approvals 1 of 2, Lead" in words(client.get("/approvals/").text)


def test_the_tabs_count_what_waits_for_me_and_what_i_wait_for(waiting, ask, orders, dba, client, payments):
    ask(orders, "month-end", at=timezone.now())
    Membership.objects.filter(user=dba).update(roles=[Role.REQUESTER, Role.APPROVER])
    client.force_login(dba)
    assert "Mine to decide What I asked for 2" in words(client.get("/approvals/").text)
    client.force_login(User.objects.get(username="lead"))
    assert "Mine to decide 2 What I asked for" in words(client.get("/approvals/").text)


def test_what_i_asked_for_costs_the_same_however_many_wait(
    waiting, desk, ask, orders, django_assert_num_queries
):
    for number in range(5):
        ask(orders, f"more-{number}", at=timezone.now())
    desk.get("/approvals/?tab=asked")
    with django_assert_num_queries(10):
        page = desk.get("/approvals/?tab=asked").text
    assert page.count("Could decide now: Lead.") == 6


def test_an_open_page_learns_that_what_waits_has_changed_and_moves_nothing(waiting, leads_desk, ask, orders):
    page = leads_desk.get("/approvals/?q=e").text
    [poll] = re.findall(r'hx-get="(/approvals/\?q=e&amp;seen=\w+)"', page)
    poll = poll.replace("&amp;", "&")
    assert leads_desk.get(poll).status_code == 204
    ask(orders, "month-end", at=timezone.now())
    news = leads_desk.get(poll).text
    assert "What waits has changed: show it" in news
    assert 'href="/approvals/?q=e"' in news
    assert '<span class="badge">2' in news
    assert "<article" not in news


def test_broken_glass_waits_for_others_and_for_me_where_i_may_review_it(broken, client, dba, lead, auditor):
    shown = {}
    for reader in (dba, lead, auditor):
        client.force_login(reader)
        shown[reader] = [words(client.get(f"/approvals/?tab={tab}").text) for tab in ("mine", "asked")]
        listed = set(glass.to_review(reader))
        assert listed == ({broken} if glass.may_review(reader, broken).is_allowed else set())
    assert "Another person must review it" in shown[dba][1]
    assert "Read and review" in shown[lead][0]
    assert [text.count("at-night") for texts in shown.values() for text in texts] == [0, 1, 1, 0, 0, 0]


def test_what_i_asked_for_in_a_team_that_i_left_is_not_shown(waiting, desk, dba):
    Membership.objects.filter(user=dba).delete()
    assert "before-release" not in desk.get("/approvals/?tab=asked").text
