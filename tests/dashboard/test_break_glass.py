"""The form that asks for backups tells who has to agree, and lets a few break the glass."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from backups.models import Backup, Event, Instance, Membership, Role, Status, Team
from tests.fixtures.cast import member
from tests.fixtures.consent import deputize, leave

NEW, CHECK = "/backups/new", "/backups/new/check"
GLASS = {"breaks_glass": "on"}


def words(reply) -> str:
    return " ".join(reply.text.split())


def preview(desk, typed, touched: str = "instances") -> str:
    return words(desk.post(CHECK, typed, headers={"HX-Trigger-Name": touched}))


@pytest.fixture
def breaker(dba, policy):
    """The DBA, who may break the glass."""
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    return dba


def test_the_form_says_whose_approval_each_instance_needs_and_until_when(
    desk, typed, policy, orders, ledger, payments
):
    member("tom", payments, Role.APPROVER)
    Instance.objects.filter(pk=ledger.pk).update(environment="staging")
    told = preview(desk, typed | {"instances": [orders.pk, ledger.pk]})
    assert "needs 1 approval from Lead or Tom" in told
    assert "Policy “production”. Undecided, the request expires after 24 h." in told
    assert "once approved" in told
    assert "none needed" in told
    assert "at once" in told


def test_a_deputy_is_named_and_many_are_counted(desk, typed, govern, lead, payments):
    govern(approvals=1)
    deputize(payments, lead, member("ann", payments, Role.VIEWER), at=timezone.now())
    assert "from Lead or Ann" in preview(desk, typed)
    govern(name="both", weight=1, approvals=2)
    assert "needs 2 approvals from Lead and Ann" in preview(desk, typed)
    govern(name="one", weight=2)
    for number in range(5):
        member(f"m{number}", payments, Role.APPROVER)
    assert "from Lead, M0, M1, M2, M3 or 2 others" in preview(desk, typed)


def test_a_request_that_too_few_or_nobody_could_approve_is_told_before_it_is_sent(
    desk, typed, govern, lead, payments
):
    govern(approvals=2)
    assert 'needs 2 approvals from among Lead <strong data-tone="bad">only 1 could' in preview(desk, typed)
    leave(payments, lead)
    assert "needs 2 approvals, and nobody could give one now" in preview(desk, typed)


def test_only_who_has_the_right_is_offered_to_break_the_glass(desk, policy, dba, orders):
    assert "breaks_glass" not in desk.get(NEW).text
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    told = words(desk.get(NEW))
    assert "run at once, without approval" in told
    assert "Another person must review it within a day" in told
    assert "Payments: <strong>3 of 3</strong> left this month." in told


def test_broken_glass_runs_at_once_and_is_told_as_such_beforehand(desk, typed, breaker):
    told = preview(desk, typed | GLASS, "breaks_glass")
    assert "runs without it: the glass is broken" in told
    assert "once approved" not in told
    desk.post(NEW, typed | GLASS)
    backup = Backup.objects.get()
    assert (backup.status, backup.is_break_glass) == (Status.QUEUED, True)
    assert Event.objects.get(backup=backup, verb="glass_broken").actor == breaker
    assert "<strong>2 of 3</strong> left" in words(desk.get(NEW))


def test_a_missing_reason_and_ticket_are_told_at_their_fields_and_nothing_typed_is_lost(desk, typed, breaker):
    silent = typed | GLASS | {"reason": "", "change_ticket": " "}
    told = preview(desk, silent, "breaks_glass")
    assert "Breaking the glass needs a reason." in told
    assert "Breaking the glass needs a ticket." in told
    reply = desk.post(NEW, silent)
    assert reply.status_code == 422
    assert 'href="#id_reason"' in reply.text
    assert 'href="#id_change_ticket"' in reply.text
    assert 'value="manual backup"' in reply.text
    assert reply.text.count("checked") == 2
    assert not Backup.objects.exists()


def test_a_missing_reason_is_told_before_an_instance_is_chosen(desk, typed, breaker):
    told = preview(desk, typed | GLASS | {"instances": [], "reason": ""}, "breaks_glass")
    assert "Breaking the glass needs a reason." in told


def test_more_at_once_than_the_month_has_left_are_refused_and_none_is_made(
    desk, typed, breaker, orders, ledger
):
    Team.objects.update(break_glass_per_month=1)
    both = typed | GLASS | {"instances": [orders.pk, ledger.pk]}
    assert "may break the glass 1 more times this month, and this would be 2" in preview(desk, both)
    reply = desk.post(NEW, both)
    assert reply.status_code == 422
    assert 'href="#id_breaks_glass"' in reply.text
    assert not Backup.objects.exists()


def test_a_right_or_quota_that_is_gone_meanwhile_is_told_at_the_choice(desk, typed, breaker, monkeypatch):
    monkeypatch.setattr("dashboard.forms.requests.glass.objections", lambda *_args, **_options: [])
    Team.objects.update(break_glass_per_month=0)
    reply = desk.post(NEW, typed | GLASS)
    assert reply.status_code == 422
    assert "broken the glass 0 times this month" in reply.text
    assert not Backup.objects.exists()


def test_who_was_never_given_the_right_cannot_slip_it_in(desk, typed, policy):
    reply = desk.post(NEW, typed | GLASS)
    assert reply.status_code == 422
    assert "Your team has not given you the right to break the glass." in reply.text
    assert not Backup.objects.exists()


def test_the_preview_of_a_window_is_that_of_the_moment(desk, typed, govern, lead):
    now = timezone.now()
    begins, ends = now - timedelta(minutes=30), now + timedelta(minutes=30)
    govern(window_from=f"{begins:%H:%M}", window_until=f"{ends:%H:%M}")
    assert "needs 1 approval" in preview(desk, typed)
    with time_machine.travel(now + timedelta(hours=1)):
        assert "none needed" in preview(desk, typed)
        desk.post(NEW, typed)
    assert Backup.objects.get().status == Status.QUEUED
