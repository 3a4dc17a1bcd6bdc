"""What differs from a declaration is changed, and nothing else."""

import pytest

from backups.models import Credential, Event, Membership, Project, RpoTarget, Team, User
from backups.operations import vault
from backups.secrecy.secret import Secret
from tests.fixtures.declared import SK, TOKEN, declare, problems_of, sample

pytestmark = pytest.mark.django_db


def project(**values):
    return sample(projects=[sample()["projects"][0] | values], policies=[])


@pytest.fixture
def made():
    """What the sample makes, without its policy: nobody else has to agree."""
    declare(sample(policies=[]))
    return Project.objects.select_related("credential").get()


def test_a_role_more_and_a_person_more(made):
    wanted = sample(policies=[])
    wanted["teams"][0]["members"] |= {"dba": ["approver", "requester"], "zoe": ["viewer"]}
    assert declare(wanted) == [
        "+ account zoe",
        "~ member dba of payments: roles requester -> requester, approver",
        "+ member zoe of payments: roles viewer",
    ]
    assert declare(wanted) == []
    assert [event.data["kind"] for event in Event.objects.filter(verb="changed", data__kind="member")] == [
        "member",
        "member",
    ]


def test_the_only_admin_is_followed_by_another_in_one_file(made):
    wanted = sample(policies=[])
    wanted["teams"][0]["members"] |= {"admin": ["viewer"], "lead": ["approver", "admin"]}
    assert declare(wanted) == [
        "~ member lead of payments: roles approver -> approver, admin",
        "~ member admin of payments: roles admin -> viewer",
    ]


def test_who_cannot_have_these_roles_is_told_at_the_name(made):
    User.objects.filter(username="dba").update(is_active=False)
    members = {"dba": ["viewer"], "admin": ["viewer"]}
    assert problems_of({"teams": [{"name": "payments", "members": members}]}) == [
        "teams[0].members.dba: There is nobody of that name.",
        "teams[0].members.admin: A team needs an admin.",
    ]


def test_who_may_break_the_glass_keeps_that_while_a_requester(made):
    Membership.objects.filter(user__username="dba").update(may_break_glass=True)
    wanted = sample(policies=[])
    assert declare(wanted) == []
    for roles, may in ((["viewer", "requester"], True), (["viewer"], False)):
        wanted["teams"][0]["members"]["dba"] = roles
        declare(wanted)
        assert Membership.objects.get(user__username="dba").may_break_glass is may


def test_a_person_is_no_service_account_and_the_other_way_round(made):
    team = {"name": "payments", "members": {"deploy": ["viewer"]}, "service_accounts": {"dba": ["viewer"]}}
    assert problems_of({"teams": [team]}) == [
        "teams[0].members.deploy: This is a service account: it goes under service_accounts.",
        "teams[0].service_accounts.dba: This is a person: it goes under members.",
    ]


def test_rules_of_the_team_itself(made):
    team = {"name": "payments", "overdue_hours": 12, "targets": {"production": 25, "other": 72}}
    assert declare({"teams": [team]}) == [
        "~ team payments: overdue hours 24 -> 12",
        "~ targets of payments: production none -> 25, other none -> 72",
    ]
    assert declare({"teams": [team]}) == []
    assert declare({"teams": [team | {"targets": {"production": 30}}]}) == [
        "~ targets of payments: production 25 -> 30"
    ]
    assert dict(RpoTarget.objects.filter(ended_at=None).values_list("environment", "hours")) == {
        "production": 30,
        "": 72,
    }


def test_teams_whose_names_look_alike_have_addresses_of_their_own(made):
    declare({"teams": [{"name": name, "members": {"admin": ["admin"]}} for name in ("Payments", "支付")]})
    assert set(Team.objects.values_list("slug", flat=True)) == {"payments", "payments-2", "team"}


def test_a_project_that_moves_has_its_secrets_sealed_anew(made):
    wanted = project(region="cn-north-9", endpoint=None)
    assert declare(wanted) == [
        (
            "~ project payments-north: region cn-north-4 -> cn-north-9, "
            "endpoint https://gaussdb.cn-north-4.myhuaweicloud.com -> https://gaussdb.cn-north-9.myhuaweicloud.com"
        )
    ]
    assert Credential.objects.get().pk != made.credential.pk
    assert vault.open_field(Credential.objects.get(), "secret_key") == Secret(SK)
    assert declare(wanted) == []


def test_what_does_not_touch_the_credential_leaves_it(made):
    wanted = project(api="v3", allows_chinese_names=True)
    assert declare(wanted) == ["~ project payments-north: API path mysql/v3 -> v3, Chinese names no -> yes"]
    assert Credential.objects.get().pk == made.credential.pk
    assert declare(project(api="v3")) == []


@pytest.mark.parametrize(
    ("credential", "told"),
    [
        ({"secret_key": "rotated"}, "secret key changed"),
        ({"access_key": "ANOTHER", "secret_key": "rotated"}, "access key changed, secret key changed"),
        ({"security_token": "passing"}, "security token changed"),
    ],
)
def test_only_a_secret_that_differs_is_changed_and_told_without_it(made, credential, told):
    wanted = project()
    wanted["projects"][0]["credential"] |= credential
    assert declare(wanted) == [f"~ credential of payments-north: {told}"]
    assert declare(wanted) == []
    assert declare(project()) == [f"~ credential of payments-north: {told}"]


def test_another_way_to_sign_in(made):
    wanted = project(credential=TOKEN)
    own = "https://iam.cn-north-4.myhuaweicloud.com"
    assert declare(wanted) == [
        f"~ project payments-north: IAM endpoint none -> {own}",
        (
            "~ credential of payments-north: kind aksk -> token, domain none -> D, IAM user none -> U, "
            "access key changed, secret key changed, password changed"
        ),
    ]
    assert declare(wanted) == []
    declare(project())
    assert Project.objects.get().iam_endpoint == own


def test_a_secret_that_does_not_open_any_more_is_entered_anew(made):
    Credential.objects.update(secret_key_sealed=b"sealed with a key that is gone")
    assert declare(project()) == ["~ credential of payments-north: secret key changed"]
    assert declare(project()) == []
