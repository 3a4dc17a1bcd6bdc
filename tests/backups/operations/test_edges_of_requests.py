"""The moments, names and words of a request, at the last value that counts."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backups.models import Backup, Event, Membership, Role, Status
from backups.operations import creation, decisions
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db

HALF = NOW + timedelta(hours=12)


def test_a_request_is_reminded_of_from_half_of_its_time_on_and_not_before(asked_for):
    asked_for.refresh_from_db()
    assert asked_for.next_action_at == HALF
    reminded = Event.objects.filter(backup=asked_for, verb="reminded")
    decisions.step(asked_for.pk, at=HALF - timedelta(microseconds=1))
    assert not reminded.exists()
    decisions.step(asked_for.pk, at=HALF)
    asked_for.refresh_from_db()
    assert (reminded.count(), asked_for.next_action_at) == (1, NOW + timedelta(hours=24))


def test_what_waits_for_approval_is_recorded_as_asked_for(asked_for, dba):
    [event] = Event.objects.filter(backup=asked_for)
    assert (event.verb, event.to_status, event.actor) == ("requested", Status.AWAITING_APPROVAL, dba)


def test_a_policy_that_needs_nobody_lets_a_request_run(govern, lead, orders, ask):
    govern(approvals=0)
    backup = ask(orders, "before-release")
    assert (backup.status, backup.approvals_needed, backup.policy_name) == (Status.QUEUED, 0, "production")


def test_each_approval_on_the_way_is_recorded_with_how_many_are_needed(govern, lead, orders, ask, payments):
    member("second", payments, Role.APPROVER)
    govern(approvals=2)
    backup = ask(orders, "before-release")
    approve(backup, lead, comment="once")
    event = Event.objects.get(backup=backup, verb="approved")
    assert event.data == {"comment": "once", "given": 1, "needed": 2}
    assert (event.to_status, event.actor) == ("", lead)


def test_a_comment_has_at_most_500_characters(asked_for, lead):
    with pytest.raises(decisions.DecisionRefused, match="501 characters; at most 500") as refused:
        approve(asked_for, lead, comment="c" * 501)
    assert refused.value.field == "comment"
    approve(asked_for, lead, comment="c" * 500)
    asked_for.refresh_from_db()
    assert asked_for.status == Status.QUEUED


@pytest.mark.parametrize(("length", "is_taken"), [(500, True), (501, False)])
def test_a_reason_has_at_most_500_characters(orders, dba, length, is_taken):
    problems = creation.check(creation.Draft(orders, "before-release", reason="r" * length), by=dba)
    assert ("reason" not in problems) == is_taken


def test_the_name_of_a_backup_that_has_ended_is_free_again(orders, ask, dba):
    first = ask(orders, "before-release")
    creation.cancel(first, by=dba, at=NOW)
    assert creation.check(creation.Draft(orders, "before-release"), by=dba) == {}
    Backup.objects.update(next_watch_at=NOW)
    assert "name" in creation.check(creation.Draft(orders, "before-release"), by=dba)


def test_what_is_refused_is_said_with_its_first_sentence(orders, dba):
    drafts = [creation.Draft(orders, "1 before"), creation.Draft(orders, "ab")]
    with pytest.raises(creation.DraftsRefused) as refused:
        creation.create_backups(drafts, by=dba, at=NOW, client_token=uuid4())
    first = next(iter(refused.value.problems[0].values()))[0]
    assert str(refused.value) == refused.value.message == first


def test_the_next_in_line_is_told_when_the_one_before_it_runs_out_of_time(asked_for, lead, ask, hints):
    approve(asked_for, lead)
    second = ask(asked_for.instance, "second-one")
    approve(second, lead, at=NOW + timedelta(hours=7))
    told = hints(decisions.run_out, asked_for.pk, at=NOW + timedelta(hours=8))
    assert told == [("submit", str(second.pk), None)]


def test_a_member_may_hold_every_role(payments):
    everything = member("jill", payments, *Role)
    assert set(Membership.objects.get(user=everything).roles) == set(Role)
