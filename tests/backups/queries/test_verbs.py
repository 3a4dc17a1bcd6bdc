"""The audit tells changes of the rules in words."""

import pytest

from backups.models import Event, Proposal
from backups.queries import verbs

Kind = Proposal.Kind


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        (
            Kind.MEMBER,
            {"username": "dba", "roles": ["requester", "viewer"], "may_break_glass": True},
            "Roles: dba: Requester, Viewer, may break the glass",
        ),
        (Kind.MEMBER, {"username": "dba", "roles": ["viewer"]}, "Roles: dba: Viewer"),
        (Kind.MEMBER, {"username": "dba", "roles": []}, "Roles: dba leaves the team"),
        (
            Kind.MEMBER,
            {"username": "lead", "roles": [], "despite": True},
            "Roles: lead leaves the team, although nobody could then satisfy a policy",
        ),
        (Kind.MEMBER, {"name": "of an older form"}, "Roles: name: of an older form"),
        (Kind.BREAK_GLASS, {"count": 5}, "Break-glass quota: 5 a month"),
        (Kind.BREAK_GLASS, {}, "Break-glass quota"),
        (Kind.FOUR_EYES, {}, "Four eyes switched off"),
    ],
)
def test_a_change_is_told_as_what_it_does(kind, change, told):
    event = Event(verb="proposed", data={"kind": kind.value, "change": change})
    assert verbs.detail(event) == told


def test_who_proposed_what_another_settled_is_told():
    data = {"kind": "four_eyes", "change": {}, "proposed_by": "admin", "comment": "not this year"}
    told = verbs.detail(Event(verb="proposal_refused", data=data))
    assert told == "Four eyes switched off: proposed by admin; “not this year”"
