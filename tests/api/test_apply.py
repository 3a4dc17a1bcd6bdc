"""A team as a document says, through REST: its own team alone, with the caller's rights."""

from typing import Any

import pytest

from backups.models import Event, Membership, Policy, Project, Proposal, Role, User
from backups.operations import vault

CANARY = "CANARYsecretKEYofTHEapi0001"


@pytest.fixture
def document(lead, dba) -> dict:
    return {
        "teams": [
            {
                "name": "Payments",
                "members": {"lead": ["approver"], "dba": ["requester"]},
                "service_accounts": {"deploy": ["requester"]},
            }
        ],
        "projects": [
            {
                "name": "payments-east",
                "team": "Payments",
                "region": "cn-east-3",
                "api": "v3",
                "project_id": "a" * 32,
                "credential": {"kind": "aksk", "access_key": "AK1", "secret_key": CANARY},
            }
        ],
        "policies": [{"team": "Payments", "environment": "production", "approvals": 1}],
    }


def test_it_is_made_so_and_the_second_time_nothing_is_to_be_done(call_as, admin, document):
    call = call_as(admin)
    trial = call.post("apply/", {"document": document, "dry_run": True})
    assert not Policy.objects.exists()
    made = call.post("apply/", {"document": document})
    assert made.status_code == 200, made.text
    assert made.json() == trial.json()
    assert "+ project payments-east" in made.text
    assert User.objects.get(username="deploy").is_service
    credential = Project.objects.get(name="payments-east").credential
    assert vault.open_field(credential, "secret_key").reveal() == CANARY
    assert CANARY not in made.text
    assert Event.objects.get(verb="project_created").actor == admin
    assert call.post("apply/", {"document": document}).json()["changes"] == []


def test_another_team_cannot_be_declared(call_as, admin, stranger, document):
    wanted = {
        "teams": [{"name": "Storefront", "members": {"admin": ["admin"]}}, {"name": "New"}],
        "policies": [{"team": "Storefront", "approvals": 0}],
    }
    reply = call_as(admin).post("apply/", {"document": wanted})
    assert reply.status_code == 422
    only = "Only Payments may be declared here."
    places = {"teams[0].name", "teams[1].name", "policies[0].team"}
    assert {place for place, texts in reply.json()["errors"].items() if texts == [only]} == places
    assert not Membership.objects.filter(user=admin, team__name="Storefront").exists()


SOUTH: dict[str, Any] = {
    "name": "storefront-south",
    "team": "Storefront",
    "region": "cn-south-1",
    "api": "v3",
    "project_id": "1483b6b16e954cb88930a360d2c4e663",
    "credential": {"kind": "aksk", "access_key": "ANOTHERACCESSKEY0001", "secret_key": "anotherSECRET"},
}


@pytest.mark.parametrize(
    ("section", "so", "otherwise"),
    [
        ("teams", {"name": "Storefront"}, {"name": "Nowhere"}),
        ("teams", {"name": "Storefront", "overdue_hours": 24}, {"name": "Storefront", "overdue_hours": 25}),
        (
            "teams",
            {"name": "Storefront", "members": {"stranger": [*Role.values]}},
            {"name": "Storefront", "members": {"stranger": ["viewer"]}},
        ),
        ("projects", SOUTH, SOUTH | {"credential": SOUTH["credential"] | {"secret_key": "a guess"}}),
        ("projects", SOUTH, SOUTH | {"name": "nowhere"}),
        ("policies", {"team": "Storefront", "approvals": 1}, {"team": "Nowhere", "approvals": 1}),
    ],
)
def test_what_holds_of_another_team_cannot_be_told_from_what_does_not(
    call_as, admin, foreign, section, so, otherwise
):
    call = call_as(admin)
    told = [call.post("apply/", {"document": {section: [each]}}) for each in (so, otherwise)]
    assert told[0].status_code == 422
    assert told[0].json() == told[1].json()


def test_every_mistake_is_told_at_its_place_and_no_secret_with_it(call_as, admin, document):
    document["projects"][0] |= {"region": 7, "colour": "red"}
    document["teams"][0]["service_accounts"] = {"deploy": ["approver"]}
    reply = call_as(admin).post("apply/", {"document": document})
    assert reply.status_code == 422
    places = set(reply.json()["errors"])
    assert {"projects[0].region", "projects[0].colour", "teams[0].service_accounts.deploy"} <= places
    assert CANARY not in reply.text
    assert not User.objects.filter(username="deploy").exists()


def test_a_secret_that_cannot_be_kept_is_told_at_its_place(call_as, admin, document):
    document["projects"][0]["credential"]["access_key"] = "AK\0"
    reply = call_as(admin).post("apply/", {"document": document})
    assert (reply.status_code, set(reply.json()["errors"])) == (422, {"projects[0].credential.access_key"})


def test_in_a_team_with_four_eyes_the_rules_wait_for_a_second_admin(
    call_as, govern, admin, payments, document
):
    govern()
    boss = User.objects.create(username="boss")
    Membership.objects.create(team=payments, user=boss, roles=[Role.ADMIN])
    wanted = {"policies": [{"team": "Payments", "environment": "production", "approvals": 0}]}
    reply = call_as(admin).post("apply/", {"document": wanted})
    assert [line[0] for line in reply.json()["proposals"]] == ["?"]
    assert Proposal.objects.get().proposed_by == admin
    again = call_as(admin).post("apply/", {"document": wanted}).json()
    assert [line[0] for line in again["proposals"]] == ["="]
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("word", ["no", "yes", 1, 0, "", None])
def test_only_true_and_false_say_whether_it_is_a_trial(call_as, admin, document, word):
    reply = call_as(admin).post("apply/", {"document": document, "dry_run": word})
    assert (reply.status_code, set(reply.json()["errors"])) == (400, {"dry_run"})
