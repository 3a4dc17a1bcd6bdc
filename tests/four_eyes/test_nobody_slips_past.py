"""Every known way round four eyes, through every face (security.md, row 16; faults.md, row 7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from backups.models import Backup, Decision, Event, Role, Status, Team, User
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import deputize
from tests.four_eyes.disguises import OTHERS, OWN
from tests.four_eyes.faces import Face

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.mark.parametrize("disguise", OWN, ids=lambda case: case.__name__)
@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_row_07_nobody_decides_on_an_own_request_and_the_try_is_recorded(
    asked_for: Backup,
    dba: User,
    payments: Team,
    face: Face,
    verdict: str,
    disguise: Callable[[User, Team], None],
):
    disguise(dba, payments)
    face.decide(User.objects.get(pk=dba.pk), asked_for, verdict)
    assert_undecided(asked_for)
    tried = Event.objects.get(backup=asked_for, verb="decision_refused")
    assert (tried.actor, tried.data["verdict"]) == (dba, verdict)


@pytest.mark.parametrize("somebody", OTHERS, ids=lambda case: case.__name__)
def test_nobody_without_the_right_decides(
    asked_for: Backup, dba: User, payments: Team, face: Face, somebody: Callable[[Team, User], User]
):
    face.decide(somebody(payments, dba), asked_for, "approved")
    assert_undecided(asked_for)


def assert_undecided(backup: Backup) -> None:
    assert Backup.objects.get(pk=backup.pk).status == Status.AWAITING_APPROVAL
    assert not Decision.objects.exists()


def test_who_may_does(asked_for: Backup, lead: User, face: Face):
    face.decide(lead, asked_for, "approved")
    assert Backup.objects.get(pk=asked_for.pk).status == Status.QUEUED


def test_a_deputy_decides_in_the_stead_of_who_is_away(
    asked_for: Backup, lead: User, payments: Team, face: Face
):
    deputize(payments, lead, deputy := member("deputy", payments, Role.VIEWER))
    face.decide(deputy, asked_for, "approved")
    assert Backup.objects.get(pk=asked_for.pk).status == Status.QUEUED
    decision = Decision.objects.get()
    assert (decision.person, decision.voice) == (deputy, lead)


def test_two_tabs_of_one_person_are_one_approval(govern, orders, ask, lead, payments, face: Face):
    member("other", payments, Role.APPROVER)
    govern(approvals=2)
    backup = ask(orders, "before-release")
    face.decide(lead, backup, "approved")
    face.decide(lead, backup, "approved")
    assert Backup.objects.get(pk=backup.pk).status == Status.AWAITING_APPROVAL
    assert Decision.objects.count() == 1


def test_a_voice_counts_once_whether_its_owner_or_the_deputy_gives_it(
    govern, orders, ask, lead, payments, face: Face
):
    member("other", payments, Role.APPROVER)
    govern(approvals=2)
    backup = ask(orders, "before-release")
    deputize(payments, lead, deputy := member("deputy", payments, Role.VIEWER))
    face.decide(lead, backup, "approved")
    face.decide(deputy, backup, "approved")
    assert Backup.objects.get(pk=backup.pk).status == Status.AWAITING_APPROVAL
