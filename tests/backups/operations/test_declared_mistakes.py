"""Each mistake in a declaration is told at its place, all of them at once, and nothing is written."""

import pytest

from backups.models import Team, User
from tests.fixtures.declared import INSTANCE, SK, TOKEN, problems_of, sample

pytestmark = pytest.mark.django_db

TEAM = {"name": "payments", "members": {"admin": ["admin"]}}
PROJECT = sample()["projects"][0]
PLACE = {"project": "payments-north", "id": INSTANCE}
MISSING = "It is missing."


def team(**values):
    return {"teams": [TEAM | values]}


def project(**values):
    return sample(projects=[PROJECT | values], instances=[], policies=[])


def credential(**values):
    return project(credential=values)


def instance(**values):
    return sample(instances=[PLACE | values])


def policy(**values):
    return sample(policies=[{"team": "payments", "environment": "production"} | values])


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (None, "Here go pairs of"),
        ([], "Here go pairs of"),
        ({"team": []}, "team: This key is not known here."),
        ({"teams": {}}, "teams: This must be a list."),
        ({"teams": ["payments"]}, "teams[0]: Here go pairs of"),
        ({"teams": [{"members": {"admin": ["admin"]}}]}, f"teams[0].name: {MISSING}"),
        (team(name=7), "teams[0].name: This must be text; put it in quotes."),
        (team(name="x" * 101), "teams[0].name: At most 100 characters."),
        (team(name="a\x00b"), "teams[0].name: There are characters in it that cannot be seen."),
        (team(colour="red"), "teams[0].colour: This key is not known here."),
        (team(members=[]), "teams[0].members: Here go pairs of"),
        (team(members={"dba": ["owner"]}), "teams[0].members.dba: It must be a list of: viewer, requester,"),
        (team(members={"dba": []}), "teams[0].members.dba: It must be a list of"),
        (team(members={"dba": "requester"}), "teams[0].members.dba: It must be a list of"),
        (team(members={"dba": [1]}), "teams[0].members.dba: It must be a list of"),
        (team(members={"d b a": ["admin"]}), "teams[0].members.d b a: Enter a valid username."),
        (team(members={1: ["admin"]}), "teams[0].members: There is a key that is not known here;"),
        (team(**{f"secret_key:{SK}": None}), "teams[0]: There is a key that is not known here;"),
        (team(members={"dba": ["requester"]}), "teams[0].members: A team needs an admin."),
        (
            team(service_accounts={"ci": ["approver"]}),
            "teams[0].service_accounts.ci: It must be a list of: view",
        ),
        (team(service_accounts={"admin": ["viewer"]}), "teams[0].service_accounts.admin: This is a person"),
        (team(overdue_hours=0), "teams[0].overdue_hours: From 1 to 240."),
        (team(overdue_hours=True), "teams[0].overdue_hours: This must be a whole number."),
        (team(targets={"test": 3}), "teams[0].targets.test: This key is not known here."),
        (team(targets={"other": 99999}), "teams[0].targets.other: From 1 to 8784."),
        ({"teams": [TEAM, TEAM]}, "teams[1]: This stands here twice."),
        (project(region=None), f"projects[0].region: {MISSING}"),
        (project(region=None, endpoint=None), f"projects[0].region: {MISSING}"),
        (project(api="v2"), "projects[0].api: It must be one of: mysql/v3, v3."),
        (project(project_id="0483"), "projects[0].project_id: A project ID has 32 characters"),
        (project(team="nobody"), "projects[0].team: There is no team of this name."),
        (project(endpoint="http://10.0.0.1"), "projects[0].endpoint: "),
        (project(region="mars-1", endpoint=None), "projects[0].endpoint: It is missing: the addresses"),
        (project(allows_chinese_names=1), "projects[0].allows_chinese_names: This must be true or false."),
        (project(credential=None), f"projects[0].credential: {MISSING}"),
        (credential(kind="key"), "projects[0].credential.kind: It must be one of: aksk, token."),
        (credential(kind="aksk", access_key="AK"), f"projects[0].credential.secret_key: {MISSING}"),
        (
            credential(kind="aksk", access_key="AK", secret_key="SK\0"),
            "projects[0].credential.secret_key: There are characters in it that cannot be seen.",
        ),
        (
            credential(kind="aksk", access_key="AK", secret_key=7),
            "projects[0].credential.secret_key: This must",
        ),
        (credential(**TOKEN | {"iam_endpoint": "http://x"}), "projects[0].credential.iam_endpoint: "),
        (instance(project="nowhere"), "instances[0].project: There is no project of this name."),
        (instance(id=None), f"instances[0].id: {MISSING}"),
        (instance(id="x"), "instances[0].id: An instance ID has 36 characters; this one has 1."),
        (instance(environment="live"), "instances[0].environment: It must be one of: production, staging,"),
        (instance(labels=["x" * 64]), "instances[0].labels: This must be a list of texts"),
        (instance(labels=[3]), "instances[0].labels: This must be a list of texts"),
        (policy(team="nobody"), "policies[0].team: There is no team of this name."),
        (policy(project="nowhere"), "policies[0].project: There is no project of this name."),
        (policy(weekdays=[0]), "policies[0].weekdays: This must be a list of days"),
        (policy(weekdays=["Monday"]), "policies[0].weekdays: This must be a list of days"),
        (
            policy(window_from=1320),
            'policies[0].window_from: This must be a time such as "22:00", in quotes.',
        ),
        (policy(window_from="25:00"), "policies[0].window_from: This must be a time"),
        (policy(window_from="late"), "policies[0].window_from: This must be a time"),
        (policy(window_from="22:00"), "policies[0].window_until: A window has a beginning and an end."),
        (policy(zone="Mars"), "policies[0].zone: There is no such time zone."),
        (policy(approvals=6), "policies[0].approvals: "),
        (policy(approvals="one"), "policies[0].approvals: This must be a whole number."),
    ],
)
def test_a_mistake_is_told_at_its_place(wanted, told):
    problems = problems_of(wanted)
    assert [problem[: len(told)] for problem in problems] == [told], problems
    assert not User.objects.exists()


def test_all_mistakes_are_told_at_once_and_each_once():
    wanted = sample()
    wanted["teams"][0]["members"]["dba"] = ["owner"]
    wanted["projects"][0] |= {"region": 4, "colour": "red"}
    wanted["instances"].append(PLACE | {"project": "nowhere"})
    wanted["policies"][0]["approvals"] = -1
    wanted["policies"].append({"team": "nobody"})
    assert [problem.split(":")[0] for problem in problems_of(wanted)] == [
        "teams[0].members.dba",
        "projects[0].region",
        "projects[0].colour",
        "instances[1].project",
        "policies[1].team",
    ]
    assert not Team.objects.exists()


def test_a_key_of_a_credential_is_not_repeated_for_it_may_be_the_secret():
    wanted = credential(**{"kind": "aksk", "access_key": "AK", f"secret_key:{SK}": None})
    told = problems_of(wanted)
    assert any("“key: value” needs the space" in problem for problem in told)
    assert SK not in "".join(told)


def test_an_empty_secret_is_none():
    assert problems_of(credential(kind="aksk", access_key="AK", secret_key="")) == [
        f"projects[0].credential.secret_key: {MISSING}"
    ]
