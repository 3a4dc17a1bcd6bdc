"""The two clocks of a request both fail closed: nobody decides in time, or it does not begin in time."""

from datetime import timedelta

import pytest

from backups.models import Backup, Event, Role, Status
from backups.operations import claims, decisions, reconciling, settling
from backups.operations.decisions import DecisionRefused
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve, leave

OVER = NOW + timedelta(hours=24)


def read(backup: Backup) -> Backup:
    return Backup.objects.get(pk=backup.pk)


def due(at) -> list[str]:
    return [
        step.name for step in reconciling.due_steps(at=at) if not step.name.startswith(("sync", "catalog"))
    ]


def test_a_request_waits_until_the_time_to_decide_is_over(asked_for):
    assert asked_for.approve_by == OVER
    decisions.step(asked_for.pk, at=OVER - timedelta(seconds=1))
    assert read(asked_for).status == Status.AWAITING_APPROVAL


def test_a_request_that_nobody_decided_expires(asked_for):
    assert due(OVER + timedelta(seconds=2)) == [f"decide {asked_for.pk}"]
    decisions.step(asked_for.pk, at=OVER)
    backup = read(asked_for)
    assert (backup.status, backup.error_message) == (Status.EXPIRED, "Nobody decided in time.")
    assert Event.objects.get(backup=backup, verb="expired").at == OVER
    decisions.step(asked_for.pk, at=OVER)
    assert Event.objects.filter(backup=backup, verb="expired").count() == 1


def test_what_was_approved_and_does_not_begin_in_time_expires(asked_for, lead):
    approve(asked_for, lead)
    late = NOW + timedelta(hours=8)
    decisions.run_out(asked_for.pk, at=late - timedelta(seconds=1))
    assert read(asked_for).status == Status.QUEUED
    assert f"run out {asked_for.pk}" in due(late)
    decisions.run_out(asked_for.pk, at=late)
    assert read(asked_for).status == Status.EXPIRED
    decisions.run_out(asked_for.pk, at=late)


def test_a_claim_that_comes_too_late_makes_no_call(asked_for, lead):
    approve(asked_for, lead)
    assert claims.claim(asked_for.pk, at=NOW + timedelta(hours=8)) is None
    assert read(asked_for).status == Status.EXPIRED


def test_what_may_have_been_sent_before_is_still_watched_when_its_time_runs_out(asked_for, lead):
    approve(asked_for, lead)
    Backup.objects.filter(pk=asked_for.pk).update(unconfirmed_since=NOW)
    late = NOW + timedelta(hours=9)
    decisions.run_out(asked_for.pk, at=late)
    assert (read(asked_for).status, read(asked_for).next_watch_at) == (Status.CANCELLED, late)


def test_nothing_is_sent_again_after_its_time_to_run(asked_for, dba, lead):
    approve(asked_for, lead)
    Backup.objects.filter(pk=asked_for.pk).update(
        status=Status.UNCONFIRMED, needs_decision_at=NOW, unconfirmed_since=NOW
    )
    with pytest.raises(settling.NotAskedError, match="close it"):
        settling.send_again(read(asked_for), by=dba, at=NOW + timedelta(hours=8))


def test_an_approval_that_becomes_void_after_the_time_to_decide_is_not_asked_for_again(
    asked_for, lead, payments
):
    approve(asked_for, lead, at=OVER - timedelta(seconds=1))
    leave(payments, lead)
    assert claims.claim(asked_for.pk, at=OVER) is None
    assert read(asked_for).status == Status.EXPIRED
    assert Event.objects.filter(backup=asked_for, verb="approval_void").exists()


def test_a_comment_has_a_longest(asked_for, lead):
    with pytest.raises(DecisionRefused, match="501 characters; at most 500"):
        approve(asked_for, lead, comment="x" * 501)


def test_who_comes_after_a_cancelling_is_told_so(asked_for, lead, dba, payments):
    from_list = member("other", payments, Role.APPROVER)
    Backup.objects.filter(pk=asked_for.pk).update(status=Status.CANCELLED, next_action_at=None)
    for person in (lead, from_list):
        with pytest.raises(DecisionRefused, match="no longer waiting: cancelled"):
            approve(asked_for, person)


def test_an_approval_that_becomes_void_in_time_is_asked_for_again(asked_for, lead, payments):
    approve(asked_for, lead, at=OVER - timedelta(hours=2))
    leave(payments, lead)
    assert claims.claim(asked_for.pk, at=OVER - timedelta(hours=1)) is None
    assert read(asked_for).status == Status.AWAITING_APPROVAL
