"""Who asks and writes the rules as well gets nothing through by it (security.md, row 16)."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backups.models import Backup, Membership, Policy, Proposal, Role, Status, User
from tests.fixtures.cast import member
from tests.fixtures.consent import POLICY
from tests.four_eyes.faces import Face

Typed = Mapping[str, object]
TYPED = {**POLICY, "zone": "UTC", "weight": 0}


@pytest.fixture
def author(dba) -> User:
    """The requester, who is an admin and an approver of the team as well."""
    Membership.objects.filter(user=dba).update(roles=[Role.REQUESTER, Role.APPROVER, Role.ADMIN])
    return dba


@pytest.fixture
def waiting(policy, author, orders, ask) -> Backup:
    return ask(orders, "before-release", at=timezone.now())


def acts(person: User, name: str, key: object, typed: Typed) -> str:
    browser = Client()
    browser.force_login(person)
    return browser.post(reverse(name, args=[key]), dict(typed), follow=True).text


CHANGES: dict[str, tuple[str, Typed]] = {
    "sets the rule to zero": ("policy-edit", TYPED | {"approvals": 0}),
    "takes the rule away": ("policy-retire", {}),
    "makes a heavier one": ("team-policy-new", TYPED | {"name": "none", "approvals": 0, "weight": 9}),
    "switches four eyes off": ("team-four-eyes", {}),
}


@pytest.fixture(params=CHANGES.values(), ids=list(CHANGES))
def change(request, author, policy) -> Callable[[], str]:
    """What the author tries, each in turn."""
    name, typed = request.param
    return lambda: acts(author, name, policy.pk if name.startswith("policy-") else "payments", typed)


def test_alone_the_author_changes_no_rule(waiting, author, policy, face: Face, change):
    Membership.objects.filter(user__username="admin").delete()
    assert "no second admin who could agree" in change()
    face.decide(author, waiting, "approved")
    assert_as_it_was(waiting, policy)


def test_with_another_admin_the_author_proposes_and_never_agrees(
    waiting, author, admin, policy, face: Face, change
):
    assert "waits for a second admin" in change()
    proposal = Proposal.objects.get()
    acts(author, "proposal-agree", proposal.pk, {})
    assert Proposal.objects.get().state == Proposal.State.OPEN
    face.decide(author, waiting, "approved")
    assert_as_it_was(waiting, policy)


def test_a_change_that_was_agreed_to_never_touches_what_was_asked_for_before(
    waiting, author, admin, policy, lead, face: Face, change
):
    change()
    acts(admin, "proposal-agree", Proposal.objects.get().pk, {})
    assert Proposal.objects.get().state == Proposal.State.AGREED
    face.decide(author, waiting, "approved")
    assert Backup.objects.get(pk=waiting.pk).status == Status.AWAITING_APPROVAL
    face.decide(lead, waiting, "approved")
    assert Backup.objects.get(pk=waiting.pk).status == Status.QUEUED


def test_the_author_makes_no_approver_of_a_second_account(waiting, author, payments, admin, face: Face):
    second = member("second", payments, Role.VIEWER)
    typed = {"roles": ["viewer", "approver"]}
    assert "waits for a second admin" in acts(author, "member-edit", second.memberships.get().pk, typed)
    face.decide(second, waiting, "approved")
    assert Backup.objects.get(pk=waiting.pk).status == Status.AWAITING_APPROVAL


def assert_as_it_was(backup: Backup, policy: Policy) -> None:
    assert Backup.objects.get(pk=backup.pk).status == Status.AWAITING_APPROVAL
    assert list(Policy.objects.filter(retired_at=None)) == [policy]
    assert backup.team.__class__.objects.get(pk=backup.team_id).four_eyes
