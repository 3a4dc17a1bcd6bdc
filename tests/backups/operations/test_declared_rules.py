"""Policies by declaration; and where a second admin has to agree, a file slips past nobody."""

from typing import Any

import pytest

from backups.models import Event, Instance, Membership, Policy, Proposal, Role, User
from backups.operations import governance
from backups.queries import verbs
from tests.backups.secrecy.test_nothing_leaks import dump_of_the_database
from tests.fixtures.cast import NOW, member
from tests.fixtures.declared import INSTANCE, declare, problems_of

PLACE = {"project": "payments-north", "id": INSTANCE}
RULE = {"team": "Payments", "environment": "production", "approvals": 1}
NEEDS = "Payments has four eyes: an admin of the team has to propose this, and another to agree."

LOOSER: dict[str, tuple[Any, str]] = {
    "a policy is set to zero": (
        {"policies": [RULE | {"approvals": 0}]},
        "policy production of Payments: {}waits for a second admin (approvals 1 -> 0)",
    ),
    "a heavier one asks for nobody": (
        {"policies": [RULE | {"name": "none", "approvals": 0, "weight": 9}]},
        "policy none of Payments: {}waits for a second admin",
    ),
    "the requester approves": (
        {"teams": [{"name": "Payments", "members": {"dba": ["approver", "admin"]}}]},
        "member dba of Payments: {}waits for a second admin (roles requester -> approver, admin)",
    ),
    "somebody new approves": (
        {"teams": [{"name": "Payments", "members": {"zoe": ["approver"]}}]},
        "member zoe of Payments: {}waits for a second admin (roles approver)",
    ),
    "the instance is no production any more": (
        {"instances": [PLACE | {"environment": "staging"}]},
        "instance orders of payments-north: {}waits for a second admin (environment production -> staging)",
    ),
}
looser = pytest.mark.parametrize(("wanted", "line"), LOOSER.values(), ids=list(LOOSER))


@pytest.fixture
def second(payments) -> User:
    return member("second", payments, Role.ADMIN)


def rules() -> tuple[Any, ...]:
    return (
        list(Policy.objects.filter(retired_at=None).values_list("name", "approvals")),
        sorted(Membership.objects.values_list("user__username", "roles")),
        list(Instance.objects.values_list("environment", "labels")),
    )


@looser
def test_without_a_person_it_is_refused_in_words_that_say_what_to_do(policy, orders, admin, wanted, line):
    before = dump_of_the_database()
    [told] = problems_of(wanted)
    assert told.endswith(NEEDS)
    assert dump_of_the_database() == before


@looser
def test_an_admin_proposes_it_once_and_never_agrees_alone(policy, orders, admin, second, wanted, line):
    before = rules()
    assert declare(wanted, by=admin)[-1] == "? " + line.format("")
    assert rules() == before
    proposal = Proposal.objects.get()
    with pytest.raises(governance.GovernanceRefused):
        governance.agree(proposal, by=admin, at=NOW)
    written = dump_of_the_database()
    for person in (admin, None):
        assert declare(wanted, by=person) == ["= " + line.format("still ")]
    assert dump_of_the_database() == written
    governance.agree(proposal, by=second, at=NOW)
    assert rules() != before
    assert declare(wanted) == []


@looser
def test_neither_a_requester_nor_the_only_admin_proposes(policy, orders, admin, dba, wanted, line):
    before = dump_of_the_database()
    for person, why in ((dba, "Only an admin of Payments"), (admin, "has no second admin who could agree")):
        [told] = problems_of(wanted, by=person)
        assert why in told
    assert dump_of_the_database() == before


def test_a_file_does_not_make_one_who_proposes_and_one_who_agrees_at_once(policy, admin, lead):
    wanted = {
        "teams": [{"name": "Payments", "members": {"zoe": ["admin"]}}],
        "policies": [RULE | {"approvals": 0}],
    }
    assert len(problems_of(wanted, by=admin)) == 2
    assert not User.objects.filter(username="zoe").exists()


def test_a_new_instance_is_entered_and_what_it_is_for_waits(policy, project, admin, second):
    wanted = {"instances": [PLACE | {"environment": "staging"}]}
    assert declare(wanted, by=admin) == [
        f"+ instance {INSTANCE} of payments-north",
        f"? instance {INSTANCE} of payments-north: waits for a second admin (environment none -> staging)",
    ]
    assert Instance.objects.get().environment == ""


def test_the_second_admin_reads_what_would_change(policy, orders, admin, second):
    declare({"instances": [PLACE | {"environment": "staging", "labels": ["eu"]}]}, by=admin)
    declare({"instances": [PLACE | {"environment": "staging", "labels": ["eu", "pci"]}]}, by=admin)
    assert Proposal.objects.count() == 2
    [first, _second] = [verbs.detail(event) for event in Event.objects.filter(verb="proposed")]
    assert first == "Environment and labels: orders: environment: staging, labels: eu"


def test_several_policies_of_a_team_without_four_eyes_are_all_put_in_force(payments, project, lead, dba):
    night = {"team": "Payments", "weekdays": [6, 7], "window_from": "22:00", "window_until": "6:00"}
    several = [RULE, night, {"team": "Payments", "project": "payments-north", "approvals": 0, "weight": -1}]
    several.append({"team": "Payments", "approvals": 0, "weight": -2})
    assert declare({"policies": several}) == [
        "+ policy production of Payments",
        "+ policy Sat Sun, 22:00-06:00 UTC of Payments",
        "+ policy payments-north of Payments",
        "+ policy every backup of Payments",
    ]
    assert declare({"policies": several}) == []
    payments.refresh_from_db()
    assert payments.four_eyes


def test_what_differs_of_a_policy_is_told(policy, project, admin, second):
    wanted = RULE | {"project": "payments-north", "label": "pci", "weekdays": [1]}
    [line] = declare({"policies": [wanted | {"name": "production"}]}, by=admin)
    assert line == (
        "? policy production of Payments: waits for a second admin "
        "(label none -> pci, weekdays none -> 1, another project)"
    )
    governance.agree(Proposal.objects.get(), by=second, at=NOW)
    assert declare({"policies": [wanted | {"name": "production"}]}) == []
