"""The team through REST: its settings, its targets and its members; rules wait for a second admin."""

import pytest
from django.utils import timezone

from backups.models import Event, Membership, Proposal, Role, RpoTarget
from tests.fixtures.cast import member

NO_TARGETS = {"production": None, "staging": None, "development": None, "other": None}


@pytest.fixture
def boss(payments):
    """A second admin."""
    return member("boss", payments, Role.ADMIN)


def test_the_team_is_told_with_its_rules_and_targets(call_as, auditor, payments):
    RpoTarget.objects.create(team=payments, environment="", hours=48, since=timezone.now())
    assert call_as(auditor).get("team/").json() == {
        "name": "Payments",
        "slug": "payments",
        "four_eyes": False,
        "overdue_hours": 24,
        "resends_automatically": False,
        "break_glass_per_month": 3,
        "targets": {**NO_TARGETS, "other": 48},
    }


def test_what_is_left_out_stays_and_null_takes_a_target_away(call_as, admin, payments):
    call = call_as(admin)
    first = {"overdue_hours": 12, "targets": {"production": 8, "other": 48}}
    assert call.send("patch", "team/", first).json()["targets"] == {
        **NO_TARGETS,
        "production": 8,
        "other": 48,
    }
    told = call.send(
        "patch", "team/", {"resends_automatically": True, "targets": {"production": None}}
    ).json()
    assert (told["overdue_hours"], told["resends_automatically"]) == (12, True)
    assert told["targets"] == {**NO_TARGETS, "other": 48}
    assert call.send("patch", "team/", {}).json() == call.get("team/").json() == told
    verbs = Event.objects.filter(team=payments, actor=admin).values_list("verb", flat=True)
    assert sorted(verbs) == ["targets_changed"] * 2 + ["team_changed"] * 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"overdue_hours": 0}, "overdue_hours"),
        ({"overdue_hours": 241}, "overdue_hours"),
        ({"overdue_hours": None}, "overdue_hours"),
        ({"targets": {"production": 0}}, "targets.production"),
        ({"targets": {"moon": 1}}, "targets.moon"),
        ({"four_eyes": False}, "four_eyes"),
        ({"overdue_hours": "12"}, "overdue_hours"),
        ({"resends_automatically": 1}, "resends_automatically"),
    ],
)
def test_a_setting_of_another_form_changes_nothing(call_as, admin, change, field):
    reply = call_as(admin).send(
        "patch", "team/", {"resends_automatically": True, "overdue_hours": 9} | change
    )
    assert (reply.status_code, set(reply.json()["errors"])) == (400, {field})
    told = call_as(admin).get("team/").json()
    assert (told["overdue_hours"], told["resends_automatically"]) == (24, False)


def test_without_four_eyes_a_rule_is_changed_at_once(call_as, admin, dba):
    call = call_as(admin)
    assert call.send("put", "team/break-glass/", {"count": 1}).json() == {"is_made": True, "proposal": None}
    assert call.get("team/").json()["break_glass_per_month"] == 1
    same = call.send("put", "team/break-glass/", {"count": 1})
    assert (same.status_code, set(same.json()["errors"])) == (422, {"count"})
    off = call.send("delete", "team/four-eyes/")
    assert (off.status_code, off.json()["type"]) == (409, "urn:safepoint:problem:same")


def test_with_four_eyes_a_second_admin_agrees(call_as, admin, boss, policy):
    asked = call_as(admin).send("delete", "team/four-eyes/")
    assert (asked.status_code, asked.json()["is_made"]) == (202, False)
    quota = call_as(admin).send("put", "team/break-glass/", {"count": 0})
    assert quota.json()["proposal"]["change"] == {"count": 0}
    assert call_as(admin).get("team/").json()["four_eyes"]
    proposal = asked.json()["proposal"]["id"]
    assert call_as(admin).post(f"proposals/{proposal}/agree/").status_code == 403
    assert call_as(boss).post(f"proposals/{proposal}/agree/").json()["state"] == "agreed"
    assert not call_as(admin).get("team/").json()["four_eyes"]


def test_members_are_told_given_roles_and_taken_out(call_as, admin, dba, stranger):
    call = call_as(admin)
    wanted = {"roles": ["requester", "approver", "requester"], "may_break_glass": True}
    assert call.send("put", "members/stranger/", wanted).json()["is_made"]
    told = call.get("members/").json()["results"]
    assert [row["username"] for row in told] == ["admin", "dba", "stranger"]
    assert told[2] == call.get("members/stranger/").json()
    assert (told[2]["roles"], told[2]["may_break_glass"]) == (["approver", "requester"], True)
    assert call.send("put", "members/stranger/", {"roles": ["viewer"]}).status_code == 200
    assert not call.get("members/stranger/").json()["may_break_glass"]
    assert call.send("delete", "members/stranger/").status_code == 200
    assert call.get("members/stranger/").status_code == 404
    assert call.send("delete", "members/stranger/").status_code == 404


@pytest.mark.parametrize(
    ("username", "wanted", "status", "field"),
    [
        ("dba", {"roles": []}, 400, "roles"),
        ("dba", {"roles": ["king"]}, 400, "roles.0"),
        ("dba", {"may_break_glass": True}, 400, "roles"),
        ("dba", {"roles": ["viewer"], "may_break_glass": True}, 422, "may_break_glass"),
        ("dba", {"roles": ["requester"]}, 422, "roles"),
        ("admin", {"roles": ["viewer"]}, 422, "roles"),
        ("deploy", {"roles": ["approver"]}, 422, "roles"),
        ("nobody", {"roles": ["viewer"]}, 422, "username"),
    ],
)
def test_roles_that_cannot_be_are_told(call_as, admin, dba, service, username, wanted, status, field):
    reply = call_as(admin).send("put", f"members/{username}/", wanted)
    assert (reply.status_code, set(reply.json()["errors"])) == (status, {field})


def test_what_nobody_could_satisfy_is_done_only_despite_it(call_as, admin, boss, policy, lead):
    refused = call_as(admin).send("delete", "members/lead/")
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"despite"})
    assert call_as(admin).send("delete", "members/lead/?despite=false").status_code == 422
    asked = call_as(admin).send("delete", "members/lead/?despite=true")
    assert asked.status_code == 202
    assert Proposal.objects.get().change == {"username": "lead", "roles": [], "despite": True}
    assert Membership.objects.filter(user=lead).exists()


def test_who_takes_himself_out_is_nobody_from_then_on(call_as, admin, boss):
    call = call_as(admin)
    assert call.send("delete", "members/admin/").status_code == 200
    assert call.get("team/").status_code == 401
