"""What a policy and a role must be, told at the field that is wrong."""

import pytest

from backups.models import Membership, Policy, Role
from backups.operations import membership, policies
from backups.operations.membership import MemberRefused
from backups.operations.policies import PolicyRefused
from tests.fixtures.cast import NOW
from tests.fixtures.consent import POLICY


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "production"}, "name"),
        ({"approvals": 6}, "approvals"),
        ({"approvals": -1}, "approvals"),
        ({"approvals": 2}, "approvals"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekdays": [8]}, "weekdays"),
        ({"window_from": "25:00"}, "window_from"),
        ({"window_from": "22:00"}, "window_until"),
        ({"approve_by_hours": 0}, "approve_by_hours"),
        ({"run_by_hours": 721}, "run_by_hours"),
        ({"environment": "moon"}, "environment"),
        ({"weight": 1001}, "weight"),
        ({"project": "00000000-0000-0000-0000-000000000000"}, "project"),
    ],
    ids=str,
)
def test_a_wrong_policy_is_refused_at_its_field(payments, policy, wrong, field):
    with pytest.raises(PolicyRefused) as refused:
        policies.check(payments, POLICY | {"name": "another"} | wrong)
    assert refused.value.field == field


def test_a_policy_with_everything_is_saved_as_it_was_typed(payments, project, policy):
    wanted = POLICY | {
        "name": "nights",
        "project": str(project.pk),
        "label": "pci",
        "weekdays": [6, 7],
        "window_from": "22:00",
        "window_until": "06:00",
        "zone": "Europe/Berlin",
        "weight": 10,
    }
    policies.check(payments, wanted)
    policies.save(payments, wanted, NOW)
    saved = Policy.objects.get(name="nights")
    assert (saved.project, saved.label, saved.weekdays) == (project, "pci", [6, 7])
    assert (str(saved.window_from), str(saved.window_until)) == ("22:00:00", "06:00:00")


def test_a_policy_replaces_the_one_it_was_made_from(payments, policy):
    wanted = POLICY | {"id": str(policy.pk), "run_by_hours": 4}
    policies.check(payments, wanted)
    policies.save(payments, wanted, NOW)
    assert Policy.objects.get(retired_at=None).run_by_hours == 4
    assert Policy.objects.exclude(retired_at=None).get() == policy


def test_an_approver_who_also_asks_does_not_count_for_the_own_requests(payments, dba, lead):
    Membership.objects.filter(user=dba).update(roles=[Role.REQUESTER, Role.APPROVER])
    Membership.objects.filter(user=lead).delete()
    with pytest.raises(PolicyRefused, match="Nobody could satisfy it"):
        policies.check(payments, POLICY)


def test_without_any_requester_the_approvers_are_counted(payments, lead):
    policies.check(payments, POLICY)
    with pytest.raises(PolicyRefused):
        policies.check(payments, POLICY | {"approvals": 2})


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"username": "nobody", "roles": ["viewer"]}, "username"),
        ({"username": "dba", "roles": ["king"]}, "roles"),
        ({"username": "dba", "roles": ["viewer"], "may_break_glass": True}, "may_break_glass"),
        ({"username": "admin", "roles": ["viewer"]}, "roles"),
        ({"username": "admin", "roles": []}, "roles"),
    ],
    ids=str,
)
def test_a_wrong_role_is_refused_at_its_field(payments, dba, admin, wanted, field):
    with pytest.raises(MemberRefused) as refused:
        membership.check(payments, wanted)
    assert refused.value.field == field


def test_a_person_comes_gets_other_roles_and_goes(payments, admin, stranger):
    for roles, may_break_glass in (["viewer"], False), (["requester"], True):
        wanted = {"username": "stranger", "roles": roles, "may_break_glass": may_break_glass}
        membership.check(payments, wanted)
        membership.change(payments, wanted, NOW)
        row = Membership.objects.get(team=payments, user=stranger)
        assert (row.roles, row.may_break_glass) == (roles, may_break_glass)
    membership.change(payments, {"username": "stranger", "roles": []}, NOW)
    assert not Membership.objects.filter(team=payments, user=stranger).exists()


def test_a_policy_is_taken_out_of_force_once_and_kept(payments, policy):
    wanted = {"id": str(policy.pk)}
    policies.check_retired(payments, wanted)
    policies.retire(payments, wanted, NOW)
    policy.refresh_from_db()
    assert policy.retired_at == NOW
    with pytest.raises(PolicyRefused, match="not in force"):
        policies.check_retired(payments, wanted)
