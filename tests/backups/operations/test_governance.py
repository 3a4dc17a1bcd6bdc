"""Who may do what changes only as two admins say, once a team has four eyes."""

from datetime import timedelta
from typing import Any

import pytest

from backups.models import Backup, Event, Membership, Policy, Proposal, Role, Status, Team
from backups.operations import governance, policies
from backups.operations.governance import GovernanceRefused
from backups.operations.rights import RightError
from backups.queries import verbs
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import POLICY, leave

Kind = Proposal.Kind


@pytest.fixture
def second(payments: Team):
    """Another admin of Payments."""
    return member("second", payments, Role.ADMIN)


@pytest.fixture
def propose(payments: Team, policy, admin, second):
    """Propose a change as the admin of a team with four eyes."""

    def make(kind: Kind, by: Any = admin, **change: Any) -> Proposal:
        proposal = governance.propose(payments, kind, change, by=by, at=NOW)
        assert proposal is not None
        return proposal

    return make


def roles_of(user) -> list[str]:
    return sorted(role for row in Membership.objects.filter(user=user) for role in row.roles)


def test_a_team_without_four_eyes_changes_at_once_and_has_them_from_its_first_policy(
    payments, admin, dba, lead
):
    wanted = {"username": "dba", "roles": ["requester", "viewer"]}
    assert governance.propose(payments, Kind.MEMBER, wanted, by=admin, at=NOW) is None
    assert roles_of(dba) == ["requester", "viewer"]
    assert governance.propose(payments, Kind.POLICY, POLICY, by=admin, at=NOW) is None
    payments.refresh_from_db()
    assert payments.four_eyes
    assert Event.objects.filter(team=payments, verb="changed").count() == 2


def test_a_change_waits_for_a_second_admin(propose, second, dba):
    proposal = propose(Kind.MEMBER, username="dba", roles=["requester", "approver"])
    assert roles_of(dba) == ["requester"]
    governance.agree(proposal, by=second, at=NOW)
    assert roles_of(dba) == ["approver", "requester"]
    told = Event.objects.get(verb="proposal_agreed")
    assert (told.actor, told.data["proposed_by"]) == (second, "admin")


def test_who_proposed_it_does_not_agree_and_the_try_is_recorded(propose, admin, dba):
    proposal = propose(Kind.MEMBER, username="dba", roles=["requester", "approver"])
    with pytest.raises(GovernanceRefused, match="another admin"):
        governance.agree(proposal, by=admin, at=NOW)
    assert roles_of(dba) == ["requester"]
    assert Event.objects.get(verb="agreement_refused").actor == admin


@pytest.mark.parametrize("name", ["dba", "lead"])
def test_who_is_no_admin_neither_proposes_nor_agrees(propose, payments, request, name):
    person = request.getfixturevalue(name)
    with pytest.raises(RightError):
        governance.propose(payments, Kind.FOUR_EYES, {}, by=person, at=NOW)
    with pytest.raises(GovernanceRefused):
        governance.agree(propose(Kind.FOUR_EYES), by=person, at=NOW)


def test_the_author_of_a_request_cannot_set_the_rule_to_zero(propose, asked_for, dba, second, payments):
    Membership.objects.filter(user=dba).update(roles=["requester", "admin"])
    proposal = propose(Kind.POLICY, dba, **POLICY | {"name": "none", "approvals": 0, "weight": 9})
    with pytest.raises(GovernanceRefused):
        governance.agree(proposal, by=dba, at=NOW)
    governance.agree(proposal, by=second, at=NOW)
    backup = Backup.objects.get(pk=asked_for.pk)
    assert (backup.status, backup.approvals_needed) == (Status.AWAITING_APPROVAL, 1)


def test_four_eyes_are_switched_off_by_two_and_open_requests_keep_theirs(
    propose, asked_for, second, payments, orders, ask
):
    governance.agree(propose(Kind.FOUR_EYES), by=second, at=NOW)
    payments.refresh_from_db()
    orders.team.refresh_from_db()
    assert not payments.four_eyes
    assert Backup.objects.get(pk=asked_for.pk).status == Status.AWAITING_APPROVAL
    assert ask(orders, "after-that").status == Status.QUEUED


def test_a_team_whose_only_admin_proposes_is_told_that_nobody_could_agree(payments, policy, admin):
    with pytest.raises(GovernanceRefused, match="no second admin"):
        governance.propose(payments, Kind.FOUR_EYES, {}, by=admin, at=NOW)


def test_a_refusal_says_why_and_ends_it(propose, second):
    proposal = propose(Kind.BREAK_GLASS, count=50)
    with pytest.raises(GovernanceRefused) as refused:
        governance.refuse(proposal, by=second, at=NOW, comment=" ")
    assert refused.value.field == "comment"
    governance.refuse(proposal, by=second, at=NOW, comment="far too many")
    with pytest.raises(GovernanceRefused, match="settled already: refused"):
        governance.agree(proposal, by=second, at=NOW)
    assert Team.objects.get(pk=proposal.team_id).break_glass_per_month == 3


def test_a_quota_of_break_glass_is_from_0_to_100(propose, second):
    governance.agree(propose(Kind.BREAK_GLASS, count=100), by=second, at=NOW)
    assert Team.objects.get(slug="payments").break_glass_per_month == 100
    for count in (-1, 101):
        with pytest.raises(GovernanceRefused):
            propose(Kind.BREAK_GLASS, count=count)


def test_nobody_agrees_after_a_week(propose, second):
    proposal = propose(Kind.FOUR_EYES)
    with pytest.raises(GovernanceRefused, match="expired"):
        governance.agree(proposal, by=second, at=NOW + timedelta(days=7))
    expired = Event.objects.get(verb="proposal_expired")
    assert (expired.actor, verbs.detail(expired)) == (None, "Four eyes switched off: proposed by admin")


def test_only_who_proposed_it_takes_it_back(propose, admin, second):
    proposal = propose(Kind.FOUR_EYES)
    with pytest.raises(GovernanceRefused):
        governance.withdraw(proposal, by=second, at=NOW)
    governance.withdraw(proposal, by=admin, at=NOW)
    with pytest.raises(GovernanceRefused, match="withdrawn"):
        governance.agree(proposal, by=second, at=NOW)


def test_what_has_become_wrong_since_is_not_done(propose, second, lead, payments):
    proposal = propose(Kind.POLICY, **POLICY | {"name": "strict"})
    leave(payments, lead)
    with pytest.raises(GovernanceRefused, match="Nobody could satisfy"):
        governance.agree(proposal, by=second, at=NOW)
    assert Policy.objects.filter(name="strict").count() == 0
    assert [row.name for row in policies.unsatisfiable(payments)] == ["production"]
