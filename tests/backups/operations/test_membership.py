"""What a change of a member must hold to, whoever proposes it."""

import pytest

from backups.models import Delegation, Event, Membership, Proposal, Role, Team
from backups.operations import governance
from backups.operations.membership import MemberRefused
from backups.operations.refusals import Refused
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import deputize, leave

Kind = Proposal.Kind


@pytest.fixture
def second(payments):
    """Another admin of Payments."""
    return member("second", payments, Role.ADMIN)


@pytest.fixture
def propose(payments, admin):
    def make(username: str, *roles: str, **more: bool) -> Proposal | None:
        wanted = {"username": username, "roles": [*roles], **more}
        return governance.propose(payments, Kind.MEMBER, wanted, by=admin, at=NOW)

    return make


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (("nobody", "viewer"), "unknown"),
        (("dba", "owner"), "invalid"),
        (("dba", "requester"), "same"),
        (("stranger",), "same"),
        (("admin", "viewer"), "last_admin"),
        (("admin",), "last_admin"),
    ],
)
def test_a_change_that_cannot_be_is_refused(propose, dba, stranger, wanted, code):
    with pytest.raises(MemberRefused) as refused:
        propose(*wanted)
    assert refused.value.code == code


def test_whose_account_is_disabled_can_be_taken_out_and_given_nothing(propose, dba):
    dba.is_active = False
    dba.save()
    with pytest.raises(MemberRefused, match="nobody of that name"):
        propose("dba", "viewer")
    propose("dba")
    assert not Membership.objects.filter(user=dba).exists()


def test_a_service_account_neither_decides_nor_writes_the_rules(propose, dba):
    dba.is_service = True
    dba.save()
    for role in (Role.APPROVER, Role.ADMIN):
        with pytest.raises(MemberRefused) as refused:
            propose("dba", "requester", role)
        assert refused.value.code == "service"
    propose("dba", "requester", "viewer")


def test_only_who_asks_for_backups_breaks_the_glass(propose, dba):
    with pytest.raises(MemberRefused) as refused:
        propose("dba", "viewer", may_break_glass=True)
    assert refused.value.field == "may_break_glass"
    propose("dba", "requester", may_break_glass=True)
    assert Membership.objects.get(user=dba).may_break_glass


def test_a_policy_that_would_lack_approvers_is_named_and_the_change_made_if_that_is_meant(
    propose, policy, lead, second
):
    with pytest.raises(MemberRefused, match="“production”") as refused:
        propose("lead", "viewer")
    assert refused.value.field == "despite"
    proposal = propose("lead", "viewer", despite=True)
    governance.agree(proposal, by=second, at=NOW)
    assert Membership.objects.get(user=lead).roles == ["viewer"]
    propose("lead")


def test_what_would_break_a_policy_only_since_it_was_proposed_is_not_made(
    propose, policy, payments, lead, second
):
    other = member("other", payments, Role.APPROVER)
    proposal = propose("lead", "viewer")
    leave(payments, other)
    with pytest.raises(Refused, match="“production”"):
        governance.agree(proposal, by=second, at=NOW)
    assert Membership.objects.get(user=lead).roles == ["approver"]


def test_without_four_eyes_no_policy_asks_for_approvers(propose, policy, payments, lead):
    Team.objects.update(four_eyes=False)
    propose("lead", "viewer")
    assert Membership.objects.get(user=lead).roles == ["viewer"]


def test_a_quota_that_stands_already_and_four_eyes_that_are_off_are_not_changed(payments, admin):
    for kind, change in ((Kind.BREAK_GLASS, {"count": 3}), (Kind.FOUR_EYES, {})):
        with pytest.raises(governance.GovernanceRefused, match="already"):
            governance.propose(payments, kind, change, by=admin, at=NOW)


@pytest.mark.parametrize(
    ("username", "roles"), [("auditor", []), ("lead", []), ("lead", ["viewer"])], ids=str
)
def test_a_deputy_whose_time_lost_its_sense_does_not_come_back(
    propose, payments, lead, auditor, dba, username, roles
):
    row = deputize(payments, lead, auditor)
    kept = deputize(payments, member("other", payments, Role.APPROVER), dba)
    propose(username, *roles)
    propose(username, "approver")
    assert Event.objects.get(verb="deputy_ended").actor is None
    assert [Delegation.objects.get(pk=each.pk).ended_at for each in (kept, row)] == [None, NOW]
