"""Where a team has four eyes the members page proposes, and a second admin agrees."""

import pytest
from django.urls import reverse

from backups.models import Membership, Proposal, Role, Team
from tests.dashboard.test_members import LIST, at, roles_of
from tests.fixtures.cast import member


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def second(payments):
    """Another admin of Payments."""
    return member("second", payments, Role.ADMIN)


def proposals() -> str:
    return reverse("team-proposals", args=["payments"])


def test_with_four_eyes_a_change_waits_for_a_second_admin(desk, policy, second, dba):
    reply = desk.post(at("dba"), {"roles": ["requester", "viewer"]})
    assert reply.url == proposals()
    assert "until then everything is as it was" in desk.get(LIST).text
    assert "1 change waits for a second admin." in desk.get(LIST).text
    assert roles_of("dba") == ["requester"]
    assert Proposal.objects.get().change["roles"] == ["requester", "viewer"]


def test_with_four_eyes_a_lone_admin_is_told_that_nobody_could_agree(desk, policy, dba):
    reply = desk.post(at("dba"), {"roles": ["viewer", "requester"]})
    assert "no second admin who could agree" in reply.text
    assert 'value="viewer"' in reply.text
    assert not Proposal.objects.exists()


def test_a_change_that_leaves_a_policy_nobody_could_satisfy_is_warned_of_first(desk, policy, second, lead):
    reply = desk.post(at("lead", "remove"))
    assert reply.status_code == 422
    assert "Nobody could satisfy “production” any more" in reply.text
    assert "Do it nevertheless" not in desk.get(at("lead", "remove")).text
    assert desk.post(at("lead"), {"roles": ["viewer"]}).status_code == 422
    assert not Proposal.objects.exists()
    assert desk.post(at("lead"), {"roles": ["viewer"], "despite": "on"}).url == proposals()
    assert Proposal.objects.get().change["despite"] is True


def test_a_policy_that_nobody_can_satisfy_is_flagged(desk, policy, lead):
    assert "Nobody can satisfy" not in desk.get(LIST).text
    Membership.objects.filter(user=lead).delete()
    assert "Nobody can satisfy" in desk.get(LIST).text


def test_four_eyes_are_switched_off_only_by_proposing_it(desk, policy, second, payments):
    assert "Propose to switch four eyes off" in desk.get(LIST).text
    assert desk.post(f"{LIST}four-eyes").url == proposals()
    assert Team.objects.get(pk=payments.pk).four_eyes
