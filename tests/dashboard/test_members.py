"""Who is in a team: seen by all of it, changed by its admins, by two of them with four eyes."""

import pytest

from backups.models import Event, Membership, Role, Team
from tests.fixtures.cast import NOW, member

LIST, NEW = "/teams/payments/members/", "/teams/payments/members/new"


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def second(payments):
    """Another admin of Payments."""
    return member("second", payments, Role.ADMIN)


def at(name: str, what: str = "edit") -> str:
    return f"/members/{Membership.objects.get(user__username=name).pk}/{what}"


def roles_of(name: str) -> list[str]:
    return Membership.objects.get(user__username=name, team__slug="payments").roles


def test_everybody_of_the_team_sees_who_may_do_what_and_since_when(client, payments, dba, lead, auditor):
    Membership.objects.filter(user=dba).update(may_break_glass=True, since=NOW)
    lead.is_active = False
    lead.save()
    client.force_login(auditor)
    page = client.get(LIST).text
    for shown in ("Dba", "Requester", "may break the glass", "2026-11-23", "account disabled"):
        assert shown in page
    for offered in ("Add a person", "Change", "Break-glass quota"):
        assert offered not in page


def test_the_page_is_found_from_the_settings_and_the_project(desk, project):
    assert LIST in desk.get("/teams/payments/settings").text
    assert LIST in desk.get(f"/projects/{project.pk}/").text


def test_without_four_eyes_a_person_is_added_at_once_and_since_then(desk, payments, stranger):
    page = desk.post(NEW, {"username": "stranger", "roles": ["viewer", "approver"]}, follow=True).text
    assert "The change is in force." in page
    row = Membership.objects.get(user=stranger, team=payments)
    assert row.roles == ["approver", "viewer"]
    assert row.since is not None
    assert Event.objects.get(verb="changed").data["change"]["username"] == "stranger"


def test_a_members_roles_are_changed_and_since_when_stays(desk, dba):
    Membership.objects.filter(user=dba).update(since=NOW)
    assert "Roles of Dba in Payments" in desk.get(at("dba")).text
    desk.post(at("dba"), {"roles": ["requester", "viewer"], "may_break_glass": "on"})
    row = Membership.objects.get(user=dba)
    assert (row.roles, row.may_break_glass, row.since) == (["requester", "viewer"], True, NOW)


def test_a_member_is_taken_out_once_that_was_said_twice(desk, dba):
    assert "Remove Dba from Payments" in desk.get(at("dba", "remove")).text
    assert desk.post(at("dba", "remove")).url == LIST
    assert not Membership.objects.filter(user=dba).exists()


def test_an_admin_who_takes_himself_out_is_led_elsewhere(desk, admin, second):
    assert desk.post(at("admin", "remove")).url == "/"
    assert not Membership.objects.filter(user=admin).exists()


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"username": "nobody"}, "username", "There is nobody of that name."),
        ({"username": "dba"}, "username", "This person is a member already."),
        ({"username": ""}, "username", "This field is required."),
        ({"roles": []}, "roles", "Choose at least one role."),
        ({"roles": ["owner"]}, "roles", "not one of the available choices"),
        ({"may_break_glass": "on"}, "may_break_glass", "Only a requester may break the glass."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(desk, dba, stranger, typed, field, told):
    reply = desk.post(NEW, {"username": "stranger", "roles": ["viewer"], **typed})
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert told in reply.text
    assert f'value="{typed.get("username", "stranger")}"' in reply.text or field == "username"
    assert not Event.objects.filter(verb="changed").exists()


def test_the_last_admin_stays_one(desk, admin):
    assert "A team needs an admin." in desk.post(at("admin"), {"roles": ["viewer"]}).text
    assert "A team needs an admin." in desk.post(at("admin", "remove")).text
    assert roles_of("admin") == ["admin"]


def test_the_quota_of_break_glass_is_set_and_said_again_where_it_is_wrong(desk, payments):
    assert desk.post(f"{LIST}break-glass", {"count": "5"}).url == LIST
    assert Team.objects.get(pk=payments.pk).break_glass_per_month == 5
    for wrong in ("", "-1", "101", "many", "5"):
        reply = desk.post(f"{LIST}break-glass", {"count": wrong})
        assert reply.status_code == 422
        assert f'value="{wrong}"' in reply.text or not wrong
    assert "Four eyes are off already." in desk.post(f"{LIST}four-eyes").text
