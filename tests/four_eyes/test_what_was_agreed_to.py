"""An approval holds for who may give it and for exactly what was read (faults.md, rows 8 and 9)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Decision, Membership, Role, Status, User
from backups.operations import claims
from tests.fixtures.cast import member
from tests.fixtures.consent import leave
from tests.four_eyes.faces import Face


@pytest.fixture
def waiting(policy, orders, ask) -> Backup:
    return ask(orders, "before-release", at=timezone.now())


def loses_the_role(lead: User, backup: Backup) -> None:
    Membership.objects.filter(team=backup.team, user=lead).update(roles=[Role.VIEWER])


def leaves_the_team(lead: User, backup: Backup) -> None:
    leave(backup.team, lead)


def is_disabled(lead: User, _backup: Backup) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)


@pytest.mark.parametrize(
    "loses", [loses_the_role, leaves_the_team, is_disabled], ids=lambda case: case.__name__
)
def test_row_08_an_approval_is_void_once_who_gave_it_may_not_any_more_before_the_claim(
    waiting, lead, payments, face: Face, loses
):
    face.decide(lead, waiting, "approved")
    assert Backup.objects.get(pk=waiting.pk).status == Status.QUEUED
    loses(lead, waiting)
    now = timezone.now()
    assert claims.claim(waiting.pk, at=now) is None
    backup = Backup.objects.get(pk=waiting.pk)
    assert backup.status == Status.AWAITING_APPROVAL
    assert "Lead may no longer approve" in backup.error_message
    assert Decision.objects.get().voided_at == now
    face.decide(member("other", payments, Role.APPROVER), backup, "approved")
    assert claims.claim(waiting.pk, at=timezone.now())


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "other-name"},
        {"description": "else"},
        {"reason": "else"},
        {"approvals_needed": 0},
        {"content_hash": "0" * 64},
        {"is_break_glass": True},
    ],
    ids=str,
)
def test_row_09_a_request_is_never_edited_not_even_by_hand(waiting, lead, face: Face, edit):
    face.decide(lead, waiting, "approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Backup.objects.filter(pk=waiting.pk).update(**edit)


def test_row_09_what_is_asked_for_once_more_is_another_request_that_nobody_agreed_to(
    waiting, lead, dba, ledger, face: Face
):
    face.decide(lead, waiting, "approved")
    browser = Client()
    browser.force_login(dba)
    changed = {
        "client_token": str(uuid4()),
        "instances": [str(ledger.pk)],
        "name": waiting.name,
        "reason": "else",
    }
    browser.post(f"/backups/new?again={waiting.pk}", changed)
    asked = Backup.objects.get(instance=ledger)
    assert (asked.status, asked.reason) == (Status.AWAITING_APPROVAL, "else")
    approved = Backup.objects.get(pk=waiting.pk)
    assert (approved.instance, approved.reason) == (waiting.instance, waiting.reason)


def test_row_09_who_read_something_else_decides_nothing_by_page(waiting, lead):
    browser = Client()
    browser.force_login(lead)
    word = {"verdict": "approved", "comment": "", "seen": "0" * 64}
    assert browser.post(f"/approvals/{waiting.pk}/", word).status_code == 422
    browser.post("/approvals/decide", word | {"choice": f"{waiting.pk}:{'0' * 64}"})
    assert Backup.objects.get(pk=waiting.pk).status == Status.AWAITING_APPROVAL
