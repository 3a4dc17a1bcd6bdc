"""`manage.py apply --as USER`: who acts, and what no file does alone."""

import logging

import pytest
from django.core.management import CommandError

from backups.models import Event, Membership, Policy, Proposal, Role, User
from backups.operations import governance
from tests.backups.secrecy.test_nothing_leaks import disguises, dump_of_the_database
from tests.fixtures.cast import NOW
from tests.fixtures.declared import AK, SK

pytestmark = pytest.mark.django_db


@pytest.fixture
def applied(run):
    """The sample, with a second admin."""
    run(**{"{dba: [requester],": "{dba: [requester], second: [admin],"})
    return run


def test_a_change_of_a_policy_waits_for_a_second_admin(applied):
    looser = {"approvals: 1": "approvals: 0"}
    with pytest.raises(
        CommandError, match=r"policies\[0\]: payments has four eyes: an admin of the team has"
    ):
        applied(**looser)
    line = "policy production of payments: {}waits for a second admin (approvals 1 -> 0)\n"
    assert applied("--as=admin", "--dry-run") == "? " + line.format("")
    assert not Proposal.objects.exists()
    assert applied("--as=admin") == "? " + line.format("")
    assert applied("--as=admin") == "= " + line.format("still ") + "Nothing to do.\n"
    assert Policy.objects.get().approvals == 1
    governance.agree(Proposal.objects.get(), by=User.objects.get(username="second"), at=NOW)
    assert Policy.objects.get(retired_at=None).approvals == 0
    assert applied() == "Nothing to do.\n"


def test_what_a_person_changes_is_in_that_person_s_name(applied):
    applied("--as=admin", **{"region: cn-north-4": "region: cn-north-9"})
    assert Event.objects.filter(verb="project_changed", actor__username="admin").count() == 1


def test_a_person_may_by_a_file_what_the_person_may(applied):
    with pytest.raises(CommandError, match=r"projects\[0\]: Only an admin of payments may do this"):
        applied("--as=dba", **{"region: cn-north-4": "region: cn-north-9"})


@pytest.mark.parametrize("name", ["nobody", "deploy"])
def test_nobody_and_no_service_account_acts(applied, name):
    with pytest.raises(CommandError, match="nobody of that name"):
        applied(f"--as={name}")


def test_no_file_makes_a_service_account_an_approver(applied):
    before = dump_of_the_database()
    with pytest.raises(
        CommandError, match=r"service_accounts.deploy: It must be a list of: viewer, requester"
    ):
        applied("--as=admin", **{"{deploy: [requester]}": "{deploy: [approver]}"})
    with pytest.raises(CommandError, match=r"members.deploy: This is a service account"):
        applied(
            "--as=admin", **{"service_accounts: {deploy: [approver]}": "", "{dba:": "{deploy: [admin], dba:"}
        )
    assert dump_of_the_database() == before
    assert Membership.objects.get(user__is_service=True).roles == [Role.REQUESTER]


def test_no_secret_is_in_a_line_an_event_a_row_or_the_log(applied, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("AK", "ANOTHERCANARY")
    said = applied()
    with pytest.raises(CommandError) as error:
        applied(**{"api: mysql/v3": "api: v2"})
    ours = [entry.frame.f_locals for entry in error.traceback if "/backups/management/" in str(entry.path)]
    assert ours
    everywhere = f"{said}{error.value}{ours}{caplog.text}{dump_of_the_database()}".lower()
    assert "access key changed" in everywhere
    for secret in (AK, SK, "ANOTHERCANARY"):
        assert not [found for found in disguises(secret) if found.lower() in everywhere]
