"""A declaration makes what it names, and a second time nothing."""

import pytest

from backups.models import Event, Instance, Membership, Policy, Project, Team, User
from backups.operations import connections
from tests.backups.secrecy.test_nothing_leaks import disguises, dump_of_the_database
from tests.fixtures.declared import AK, INSTANCE, SK, declare, sample

pytestmark = pytest.mark.django_db

LINES = [
    "+ account dba",
    "+ account lead",
    "+ account admin",
    "+ service account deploy",
    "+ team payments",
    "+ member dba of payments: roles requester",
    "+ member lead of payments: roles approver",
    "+ member admin of payments: roles admin",
    "+ member deploy of payments: roles requester",
    "+ project payments-north",
    "+ instance orders of payments-north",
    "~ instance orders of payments-north: environment none -> production",
    "+ policy production of payments",
]


def events() -> list[tuple[str, str | None]]:
    return list(Event.objects.order_by("id").values_list("verb", "actor__username"))


def test_the_sample_of_the_documentation_makes_everything():
    assert declare(sample()) == LINES
    team = Team.objects.get()
    assert (team.slug, team.four_eyes, team.channels.count()) == ("payments", True, 1)
    assert dict(team.memberships.values_list("user__username", "roles")) == {
        "dba": ["requester"],
        "lead": ["approver"],
        "admin": ["admin"],
        "deploy": ["requester"],
    }
    people = User.objects.all()
    assert all(user.is_active and not user.has_usable_password() for user in people)
    assert [user.username for user in people.filter(is_service=True)] == ["deploy"]
    instance = Instance.objects.get()
    assert (instance.cloud_id, instance.name, instance.environment) == (INSTANCE, "orders", "production")
    assert instance.is_awaited
    policy = Policy.objects.get()
    assert (policy.name, policy.approvals, policy.environment) == ("production", 1, "production")
    assert events() == [
        ("team_created", None),
        ("project_created", None),
        ("instance_entered", None),
        ("changed", None),
        ("changed", None),
    ]


def test_a_second_time_nothing_is_to_do_and_nothing_is_written():
    declare(sample())
    before = dump_of_the_database()
    assert declare(sample()) == []
    assert dump_of_the_database() == before


def test_a_trial_says_what_would_be_made_and_writes_nothing(django_capture_on_commit_callbacks):
    before = dump_of_the_database()
    with django_capture_on_commit_callbacks() as sent:
        assert declare(sample(), is_trial=True) == LINES
    assert dump_of_the_database() == before
    assert sent == []


def test_the_secrets_sign_in_and_stand_nowhere():
    lines = declare(sample())
    connections.client_for(Project.objects.get())
    written = dump_of_the_database() + "".join(lines)
    assert "payments-north" in written
    assert not [
        found for secret in (AK, SK) for found in disguises(secret) if found.lower() in written.lower()
    ]


def test_what_a_person_has_made_has_that_person_in_its_events(storefront, stranger):
    declare(sample(policies=[], projects=[], instances=[]), by=stranger)
    assert events() == [("team_created", "stranger")]


def test_who_made_a_team_without_being_its_admin_can_make_nothing_in_it(stranger):
    wanted = sample(policies=[], instances=[])
    wanted["teams"][0]["overdue_hours"] = 12
    with pytest.raises(Exception, match="not a member of payments") as refused:
        declare(wanted, by=stranger)
    places = [problem.place for problem in refused.value.problems]  # type: ignore[attr-defined]
    assert places == ["teams[0]", "projects[0].team"]
    assert not Team.objects.filter(name="payments").exists()


def test_all_of_it_is_undone_where_the_last_entry_fails():
    wanted = sample()
    wanted["policies"].append({"team": "payments", "name": "never", "approvals": 5})
    before = dump_of_the_database()
    with pytest.raises(Exception, match="Nobody could satisfy it"):
        declare(wanted)
    assert dump_of_the_database() == before


def test_nothing_is_taken_away_that_is_not_named(payments, admin, lead, dba, policy, orders):
    wanted = {"teams": [{"name": "Payments", "members": {"dba": ["requester"]}}]}
    assert declare(wanted) == []
    assert Membership.objects.count() == 3
    assert declare({}) == []
    assert declare({"teams": None, "projects": []}) == []
