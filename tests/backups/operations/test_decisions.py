"""Another person agrees to exactly what will run, or it does not run (security.md, row 16)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backups.models import Backup, Event, Role, Status
from backups.operations import claims, decisions
from backups.operations.decisions import DecisionRefused
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve, reject

LATER = NOW + timedelta(minutes=5)


def read(backup: Backup) -> Backup:
    return Backup.objects.get(pk=backup.pk)


def test_a_request_under_a_policy_waits_for_the_approvers_and_is_not_claimed(asked_for):
    assert asked_for.status == Status.AWAITING_APPROVAL
    assert asked_for.approvals_needed == 1
    assert asked_for.approve_by == NOW + timedelta(hours=24)
    assert claims.claim(asked_for.pk, at=LATER) is None
    assert read(asked_for).status == Status.AWAITING_APPROVAL


def test_an_approval_queues_it_and_starts_the_clock_to_run(asked_for, lead):
    approve(asked_for, lead, at=LATER, comment="go")
    backup = read(asked_for)
    assert (backup.status, backup.run_by) == (Status.QUEUED, LATER + timedelta(hours=8))
    assert backup.next_action_at == LATER
    event = Event.objects.get(backup=backup, verb="approved")
    assert (event.actor, event.data["comment"]) == (lead, "go")
    assert claims.claim(asked_for.pk, at=LATER)


def test_a_rejection_needs_a_reason_and_ends_it(asked_for, lead):
    with pytest.raises(DecisionRefused) as refused:
        reject(asked_for, lead, comment="  ")
    assert refused.value.field == "comment"
    reject(asked_for, lead, comment="wait for the freeze")
    assert read(asked_for).status == Status.REJECTED
    assert Event.objects.get(backup=asked_for, verb="rejected").data["comment"] == "wait for the freeze"


def test_the_second_to_come_is_told_what_the_first_decided(asked_for, lead, payments):
    other = member("other", payments, Role.APPROVER)
    reject(asked_for, lead)
    with pytest.raises(DecisionRefused, match="Lead was first: rejected"):
        approve(asked_for, other)


def test_as_many_different_people_as_the_policy_says_must_agree(govern, orders, ask, lead, payments):
    others = [member(name, payments, Role.APPROVER) for name in ("second", "third")]
    govern(approvals=3)
    backup = ask(orders, "before-release")
    approve(backup, lead)
    with pytest.raises(DecisionRefused, match="already"):
        approve(backup, lead)
    approve(backup, others[0])
    assert read(backup).status == Status.AWAITING_APPROVAL
    before = read(backup).revision
    approve(backup, others[1])
    assert read(backup).status == Status.QUEUED
    assert read(backup).revision > before


def test_who_saw_something_else_does_not_decide(asked_for, lead):
    with pytest.raises(DecisionRefused, match="not what would run"):
        decisions.approve(asked_for, by=lead, seen="0" * 64, at=NOW)
    assert read(asked_for).status == Status.AWAITING_APPROVAL


def test_nobody_decides_after_the_time_to_decide(asked_for, lead):
    with pytest.raises(DecisionRefused, match="expired"):
        approve(asked_for, lead, at=asked_for.approve_by)
    assert read(asked_for).status == Status.EXPIRED


def test_what_runs_is_what_was_approved_though_the_project_was_changed_since(asked_for, lead, project):
    approve(asked_for, lead)
    type(project).objects.update(endpoint="https://gaussdb.cn-south-1.myhuaweicloud.com")
    assert claims.claim(asked_for.pk, at=LATER) is None
    assert read(asked_for).status == Status.CANCELLED


def test_the_database_refuses_to_run_what_lacks_approvals(asked_for):
    with pytest.raises(IntegrityError, match="lacks approvals"), transaction.atomic():
        Backup.objects.filter(pk=asked_for.pk).update(status=Status.QUEUED)
