"""Who could approve this, right now: told while a policy is typed, and true of what is then asked for."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from backups.models import Instance, Membership, Role
from tests.dashboard.test_policies import NEW, TYPED, edit
from tests.fixtures.cast import member
from tests.fixtures.consent import approve, deputize

PREVIEW = reverse("team-policy-preview", args=["payments"])


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


def text(reply) -> str:
    """What a reader sees of it."""
    return " ".join(strip_tags(reply.text).split())


def test_it_names_the_instances_that_match_and_who_could_agree(desk, orders, ledger, lead, dba):
    Membership.objects.filter(user=lead).update(roles=["approver", "requester"])
    page = text(desk.post(PREVIEW, TYPED))
    assert f"Matches 2 instances at this moment: {ledger.name}, {orders.name}." in page
    assert "Asked for by Dba: Lead" in page
    assert "Asked for by Lead: nobody too few" in page
    Instance.objects.filter(pk=ledger.pk).update(environment="development")
    assert "Matches 1 instance at this moment: orders" in text(desk.post(PREVIEW, TYPED))


def test_deputies_are_named_and_add_no_approval_of_their_own(desk, orders, payments, lead, dba, now):
    deputy = member("deputy", payments, Role.VIEWER)
    deputize(payments, lead, deputy, at=now)
    page = text(desk.post(PREVIEW, TYPED | {"approvals": 2}))
    assert "Asked for by Dba: Lead, Deputy" in page
    assert "too few" in page


def test_what_it_says_is_what_the_decision_then_allows(desk, govern, orders, lead, dba, ask):
    policy = govern()
    page = text(desk.get(edit(policy)))
    assert "Asked for by Dba: Lead" in page
    assert "too few" not in page
    approve(ask(orders, "before-release"), lead)


def test_it_waits_for_what_is_not_typed_yet_and_changes_nothing(desk, dba, lead):
    assert "Shows once the policy is complete." in desk.get(NEW).text
    assert "Shows once the policy is complete." in desk.post(PREVIEW, TYPED | {"zone": "Mars/Base"}).text
    assert "The team has no requester." not in desk.post(PREVIEW, TYPED).text
    Membership.objects.filter(user=dba).delete()
    assert "The team has no requester." in desk.post(PREVIEW, TYPED).text
