"""Whoever gave a service account what it asks with counts as who asked (security.md, row 16)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

from backups.models import Backup, Decision, Role, Status
from backups.operations import access, creation
from backups.queries import approvers, consent, rules
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import deputize
from tests.four_eyes.faces import Face

LATER = NOW + timedelta(minutes=1)
ISSUE = [access.issue_token, access.issue_key_pair]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def boss(payments):
    """Administers the team, and approves."""
    return member("boss", payments, Role.ADMIN, Role.APPROVER)


@pytest.fixture(params=ISSUE, ids=["token", "key pair"])
def asked(request, policy, boss, service, payments, orders) -> Backup:
    """What the service account asks for with what the boss gave it."""
    request.param(access.Grant(service, payments, "pipeline"), by=boss, at=NOW)
    draft = creation.Draft(instance=orders, name="before-release")
    return creation.create_backups([draft], by=service, at=LATER, client_token=uuid4())[0]


def test_who_gave_it_a_token_does_not_decide(asked, boss, face: Face):
    face.decide(boss, asked, "approved")
    assert Backup.objects.get().status == Status.AWAITING_APPROVAL
    assert not Decision.objects.exists()


def test_another_approver_does(asked, boss, lead, face: Face):
    face.decide(lead, asked, "approved")
    assert Backup.objects.get().status == Status.QUEUED


def test_nor_does_a_deputy_in_the_stead_of_who_gave_it(asked, boss, payments, face: Face):
    deputize(payments, boss, deputy := member("deputy", payments, Role.VIEWER))
    face.decide(deputy, asked, "approved")
    assert Backup.objects.get().status == Status.AWAITING_APPROVAL
    assert not approvers.to_decide(deputy, at=LATER).exists()


def test_what_is_shown_beforehand_says_the_same(asked, boss, lead, policy, payments, service):
    assert not approvers.to_decide(boss, at=LATER).exists()
    assert approvers.to_decide(lead, at=LATER).exists()
    assert consent.of(asked, at=LATER).could == ["Lead"]
    [prospect] = [
        each for each in rules.preview(payments, policy, at=LATER).prospects if each.requester == "deploy"
    ]
    assert prospect.could == ["Lead"]


def test_the_database_refuses_the_row_too(asked, boss, service):
    row = {"backup": asked, "requester": service, "content_hash": asked.content_hash, "verdict": "approved"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**row, person=boss, voice=boss, at=LATER)


def test_what_was_revoked_before_it_asked_has_not_asked(policy, boss, service, payments, orders, admin):
    made, _secret = access.issue_token(access.Grant(service, payments, "old"), by=boss, at=NOW)
    access.revoke(made, by=boss, at=NOW + timedelta(seconds=1))
    draft = creation.Draft(instance=orders, name="before-release")
    [asked] = creation.create_backups([draft], by=service, at=LATER, client_token=uuid4())
    assert approvers.to_decide(boss, at=LATER).filter(pk=asked.pk).exists()
