"""The service accounts of a team, on the page of its admins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Membership, Proposal, Role, User
from backups.operations import access
from tests.fixtures.cast import member

LIST = "/teams/payments/service-accounts/"
NEW = f"{LIST}new"


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


def test_the_page_is_a_tab_of_the_team_and_says_what_there_is_to_do(desk):
    assert f'href="{LIST}"' in desk.get("/teams/payments/members/").text
    assert "No service account yet" in desk.get(LIST).text


def test_each_is_told_with_its_roles_its_tokens_and_its_last_use(desk, service, payments):
    page = desk.get(LIST).text
    assert "nothing yet" in page
    assert "never used" in page
    now = timezone.now()
    made = access.issue_token(access.Grant(service, payments, "pipeline"), by=None, at=now)[0]
    access.note_use(made, at=now - timedelta(hours=2))
    page = desk.get(LIST).text
    seat = service.memberships.get().pk
    for shown in ("deploy", "Requester", "1 token or key pair", "2\xa0hours ago", f"/members/{seat}/remove"):
        assert shown in page
    assert "/account/access/new?for=payments/deploy" in page


def test_its_roles_are_changed_as_a_members_but_for_those_of_a_person(desk, service, payments):
    seat = service.memberships.get()
    page = desk.get(f"/members/{seat.pk}/edit").text
    assert "Viewer" in page
    for missing in ("Approver", "May break the glass"):
        assert missing not in page
    desk.post(f"/members/{seat.pk}/edit", {"roles": ["viewer"]})
    assert Membership.objects.get(pk=seat.pk).roles == ["viewer"]
    assert "service account" in desk.get("/teams/payments/members/").text


def test_one_is_added_at_once_and_is_no_person(desk, payments):
    page = desk.post(NEW, {"username": "ci", "roles": ["requester"]}, follow=True).text
    assert "is in the team" in page
    account = User.objects.get(username="ci")
    assert account.is_service
    assert Membership.objects.get(user=account).roles == ["requester"]


def test_with_four_eyes_a_second_admin_is_asked(desk, govern, payments):
    member("second", payments, Role.ADMIN)
    govern()
    page = desk.post(NEW, {"username": "ci", "roles": ["viewer"]}, follow=True).text
    assert "waits for a second admin" in page
    assert Proposal.objects.get().change["username"] == "ci"
    assert not Membership.objects.filter(user__username="ci").exists()
    assert "1 change waits" in desk.get(LIST).text


@pytest.mark.parametrize(
    ("name", "roles", "told"),
    [
        ("admin", ["viewer"], "This is a person"),
        ("two words", ["viewer"], "Enter a valid username"),
        ("deploy", ["viewer"], "Payments has this service account already."),
        ("ci", [], "Choose at least one role."),
        ("ci", ["admin"], "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(desk, service, name, roles, told):
    reply = desk.post(NEW, {"username": name, "roles": roles})
    assert reply.status_code == 422
    assert told in reply.text
    assert f'value="{name}"' in reply.text


def test_the_list_costs_the_same_with_many(desk, payments, service, django_assert_num_queries):
    desk.get(LIST)
    for number in range(5):
        account = User.objects.create(username=f"ci-{number}", is_service=True)
        Membership.objects.create(team=payments, user=account, roles=["viewer"])
    with django_assert_num_queries(7):
        assert desk.get(LIST).text.count("Make a token") == 6
