"""Rows that somebody writes by hand meet the same rule in the database itself (security.md, row 16)."""

import pytest
from django.db import IntegrityError, connection, transaction

from backups.models import Backup, Decision, Proposal, Status
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve


def decision(backup: Backup, **values: object) -> Decision:
    honest = {
        "backup": backup,
        "requester": backup.requested_by,
        "content_hash": backup.content_hash,
        "verdict": "approved",
        "at": NOW,
    }
    return Decision(**honest | values)


def refuse(row: Decision) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_decision_by_the_requester(asked_for, dba):
    refuse(decision(asked_for, person=dba, voice=dba))


def test_a_decision_by_the_requester_in_the_stead_of_another(asked_for, dba, lead):
    refuse(decision(asked_for, person=dba, voice=lead))


def test_a_decision_in_the_stead_of_the_requester(asked_for, dba, lead):
    refuse(decision(asked_for, person=lead, voice=dba))


def test_a_decision_that_says_another_had_asked(asked_for, dba, lead, admin):
    refuse(decision(asked_for, requester=admin, person=dba, voice=dba))


def test_a_decision_on_something_else(asked_for, lead):
    refuse(decision(asked_for, content_hash="0" * 64, person=lead, voice=lead))


def test_a_second_decision_of_the_same_person(asked_for, lead, admin):
    decision(asked_for, person=lead, voice=lead).save(force_insert=True)
    refuse(decision(asked_for, person=lead, voice=admin))
    refuse(decision(asked_for, person=admin, voice=lead))


def test_a_rejection_without_a_reason(asked_for, lead):
    refuse(decision(asked_for, person=lead, voice=lead, verdict="rejected"))


def test_a_decision_that_is_changed_or_taken_away(asked_for, lead):
    approve(asked_for, lead)
    for change in ({"verdict": "rejected"}, {"comment": "else"}, {"person": asked_for.requested_by}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.all().delete()


def test_a_queue_entry_that_lacks_approvals(asked_for):
    for status in (Status.QUEUED, Status.SUBMITTING):
        with pytest.raises(IntegrityError), transaction.atomic():
            Backup.objects.filter(pk=asked_for.pk).update(status=status, lease_until=NOW)


def test_a_proposal_agreed_to_by_who_made_it(payments, admin):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            team=payments,
            kind="four_eyes",
            change={},
            proposed_by=admin,
            proposed_at=NOW,
            expires_at=NOW,
            state="agreed",
            decided_by=admin,
            decided_at=NOW,
        )
