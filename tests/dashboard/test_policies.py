"""A team's policies: read by all of it in words, changed by its admins, by two of them with four eyes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backups.models import Event, Policy, Proposal, Role, Team
from backups.queries import policies
from tests.fixtures.cast import member
from tests.fixtures.consent import POLICY

LIST, NEW, ASKED = (
    reverse(name, args=["payments"]) for name in ("team-policies", "team-policy-new", "team-proposals")
)
TYPED = {**POLICY, "zone": "UTC", "weight": 0}
NIGHT = {
    "weekdays": ["6", "7"],
    "window_from": "22:00",
    "window_until": "06:00",
    "zone": "Europe/Berlin",
    "label": "core",
}


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def second(payments):
    """Another admin of Payments."""
    return member("second", payments, Role.ADMIN)


def edit(policy: Policy, what: str = "edit") -> str:
    return reverse(f"policy-{what}", args=[policy.pk])


def test_all_of_the_team_read_what_each_policy_holds_for_and_asks_for(client, govern, lead, dba, project):
    night = {**NIGHT, "weekdays": [6, 7], "project": str(project.pk)}
    govern(name="nights", weight=5, environment="", **night)
    govern(name="free", environment="development", approvals=0)
    govern(name="the rest", environment="", approvals=1, weight=-1)
    client.force_login(dba)
    page = client.get(LIST).text
    for shown in (
        f"label core, project {project.name}, Saturday, Sunday 22:00–06:00 (Europe/Berlin)",
        "1 approval; decided within 24 h, begun within 8 h after",
        "runs at once, without approval",
        "every backup of the team",
    ):
        assert shown in page
    assert page.index("nights") < page.index("free") < page.index("the rest")
    for offered in ("Add a policy", "take away", edit(Policy.objects.get(name="free"))):
        assert offered not in page


def test_the_page_takes_as_many_queries_however_many_policies_there_are(desk, govern, lead, dba):
    govern()
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        counts.append(len(queries))
        govern(name=f"policy {number}")
    assert counts[1:] == [counts[0]] * 2


def test_the_first_policy_is_in_force_at_once_and_then_two_admins_decide(desk, dba, lead, project, second):
    assert "No policy yet" in desk.get(LIST).text
    assert "It is in force at once." in desk.get(NEW).text
    typed = TYPED | NIGHT | {"project": project.pk}
    page = desk.post(NEW, typed, follow=True).text
    assert "The change is in force." in page
    row = Policy.objects.get()
    assert (row.name, row.label, row.weekdays, row.project) == ("production", "core", [6, 7], project)
    assert (f"{row.window_from:%H:%M}", f"{row.window_until:%H:%M}", row.zone) == (
        "22:00",
        "06:00",
        "Europe/Berlin",
    )
    assert Event.objects.get(verb="changed").data["change"]["name"] == "production"
    assert desk.post(NEW, TYPED | {"name": "another"}).url == ASKED
    assert "until then everything is as it was" in desk.get(LIST).text
    assert Policy.objects.count() == 1


def test_a_policy_is_replaced_by_what_was_typed_over_it(desk, dba, lead, govern, payments):
    policy = govern(**{**NIGHT, "weekdays": [6, 7]})
    Team.objects.filter(pk=payments.pk).update(four_eyes=False)
    page = desk.get(edit(policy)).text
    for kept in (
        'value="22:00"',
        'value="06:00"',
        'value="Europe/Berlin"',
        'value="core"',
        'value="production"',
    ):
        assert kept in page
    assert desk.post(edit(policy), TYPED | {"approvals": 0}).url == LIST
    (row,) = policies.in_force(payments)
    assert (row.approvals, row.label, row.weekdays, row.window_from) == (0, "", [], None)
    assert Policy.objects.get(pk=policy.pk).retired_at is not None
    assert desk.get(edit(policy)).status_code == 404


def test_a_policy_is_taken_away_only_by_proposing_it(desk, policy, second):
    assert "Propose to take away" in desk.get(LIST).text
    assert desk.post(edit(policy, "retire")).url == ASKED
    assert Proposal.objects.get().change == {"id": str(policy.pk)}
    assert desk.get(edit(policy)).status_code == 200


def test_a_lone_admin_is_told_that_nobody_could_agree_and_what_he_typed_stays(desk, policy):
    reply = desk.post(edit(policy), TYPED | {"name": "typed by me"})
    assert reply.status_code == 422
    assert "no second admin who could agree" in reply.text
    assert 'value="typed by me"' in reply.text
    assert "no second admin who could agree" in desk.post(edit(policy, "retire"), follow=True).text


def test_a_policy_that_nobody_can_satisfy_any_more_is_flagged(desk, policy, lead):
    assert "nobody can satisfy it" not in desk.get(LIST).text
    lead.is_active = False
    lead.save()
    assert "nobody can satisfy it" in desk.get(LIST).text
