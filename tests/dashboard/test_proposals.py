"""A second admin reads what would change, and says yes or no."""

import pytest

from backups.models import Membership, Notice, Proposal, Role, Team
from backups.operations import governance
from backups.queries import letters
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import POLICY

LIST = "/teams/payments/proposals/"
Kind, State = Proposal.Kind, Proposal.State


@pytest.fixture
def second(policy, payments):
    """Another admin of Payments, where four eyes are in force."""
    return member("second", payments, Role.ADMIN)


@pytest.fixture
def proposal(second, payments, admin, dba, by_mail) -> Proposal:
    """The admin wants the DBA to approve, too."""
    change = {"username": "dba", "roles": ["requester", "approver"], "may_break_glass": False}
    made = governance.propose(payments, Kind.MEMBER, change, by=admin, at=NOW)
    assert made
    return made


@pytest.fixture
def desk(client, second):
    client.force_login(second)
    return client


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def test_what_would_change_is_read_in_words_with_who_wants_it_and_until_when(desk, proposal):
    page = desk.get(LIST).text
    for shown in ("Roles", "dba: Requester, Approver", "proposed by Admin", "2026-11-30T14:10:00+00:00"):
        assert shown in page
    assert Proposal.objects.get().state == State.OPEN


def test_who_agrees_has_the_change_made(desk, proposal):
    assert desk.post(f"/proposals/{proposal.pk}/agree").url == LIST
    assert set(Membership.objects.get(user__username="dba").roles) == {"requester", "approver"}
    page = desk.get(LIST).text
    assert "The change is in force." in page
    assert "Nothing waits for a second admin" in page
    assert "Agreed" in page


def test_who_refuses_says_why(desk, proposal):
    refused = desk.post(f"/proposals/{proposal.pk}/refuse", {"comment": " "})
    assert refused.status_code == 422
    assert "Say why you refuse it." in refused.text
    assert desk.post(f"/proposals/{proposal.pk}/refuse", {"comment": "he leaves soon"}).url == LIST
    assert "he leaves soon" in desk.get(LIST).text
    assert Membership.objects.get(user__username="dba").roles == ["requester"]


def test_who_proposed_may_only_take_it_back(client, admin, proposal):
    client.force_login(admin)
    page = client.get(LIST).text
    assert "another admin must decide" in page
    assert "Agree: make the change" not in page
    assert client.post(f"/proposals/{proposal.pk}/agree").status_code == 422
    assert client.post(f"/proposals/{proposal.pk}/withdraw").url == LIST
    assert Proposal.objects.get().state == State.WITHDRAWN


def test_what_was_settled_meanwhile_says_so(desk, proposal, admin):
    governance.withdraw(proposal, by=admin, at=NOW)
    reply = desk.post(f"/proposals/{proposal.pk}/agree")
    assert reply.status_code == 422
    assert "It is settled already: withdrawn." in reply.text


def test_a_policy_is_told_by_its_fields(desk, payments, admin):
    governance.propose(payments, Kind.POLICY, POLICY | {"name": "nights"}, by=admin, at=NOW)
    page = desk.get(LIST).text
    assert "name: nights" in page
    assert "approvals: 1" in page


def test_the_letter_leads_here(proposal, second):
    notice = Notice.objects.get(occasion="proposal")
    assert letters.letter(notice, reader=second).link.endswith(LIST)


def test_however_many_wait_they_are_read_in_one_query(desk, payments, admin, django_assert_num_queries):
    for count in (0, 1, 2, 4, 5):
        governance.propose(payments, Kind.BREAK_GLASS, {"count": count}, by=admin, at=NOW)
    # session, reader, team, membership, open ones, settled ones, badge, banner
    with django_assert_num_queries(7):
        assert desk.get(LIST).text.count("proposed by") == 5
    assert Team.objects.get(pk=payments.pk).break_glass_per_month == 3
