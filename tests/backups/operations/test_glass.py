"""Break-glass: at once, with a reason and a ticket, seldom, and reviewed by another."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from backups.models import Backup, Event, Membership, Role, Status, Team
from backups.operations import glass, rights
from backups.operations.creation import Draft, DraftsRefused, create_backups
from backups.operations.glass import GlassRefused
from tests.fixtures.cast import NOW, member


@pytest.fixture
def breaker(dba, policy):
    """The DBA, who may break the glass."""
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    return dba


@pytest.fixture
def draft(orders):
    return Draft(
        instance=orders, name="at-night", reason="disk fails", change_ticket="INC-1", breaks_glass=True
    )


def break_it(draft: Draft, by, *, at=NOW) -> Backup:
    [backup] = create_backups([draft], by=by, at=at, client_token=uuid4())
    return Backup.objects.get(pk=backup.pk)


def test_it_is_queued_at_once_written_down_and_due_for_review_within_a_day(draft, breaker):
    backup = break_it(draft, breaker)
    assert (backup.status, backup.is_break_glass) == (Status.QUEUED, True)
    assert backup.review_by == NOW + timedelta(days=1)
    event = Event.objects.get(backup=backup, verb="glass_broken")
    assert (event.actor, event.data["change_ticket"]) == (breaker, "INC-1")
    assert event.data["policy"] == "production"


@pytest.mark.parametrize("field", ["reason", "change_ticket"])
def test_it_needs_a_reason_and_a_ticket(draft, breaker, field):
    with pytest.raises(DraftsRefused) as refused:
        break_it(replace(draft, **{field: " "}), breaker)
    assert list(refused.value.problems[0]) == [field]


def test_the_database_asks_for_both_too(draft, breaker):
    backup = break_it(draft, breaker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Backup.objects.filter(pk=backup.pk).update(review_by=None)


def test_who_was_not_given_the_right_may_not(draft, dba, policy):
    with pytest.raises(GlassRefused, match="not given you the right"):
        break_it(draft, dba)
    assert not Backup.objects.exists()


def test_who_is_no_requester_may_not(payments, lead, policy):
    Membership.objects.filter(user=lead).update(may_break_glass=True)
    assert "requester" in glass.may_break(lead, payments, at=NOW).why_not


def test_the_team_may_do_it_so_often_a_month(draft, breaker, payments):
    Team.objects.update(break_glass_per_month=2)
    for number in range(2):
        break_it(replace(draft, name=f"night-{number}"), breaker)
    with pytest.raises(GlassRefused, match="2 times this month"):
        break_it(replace(draft, name="third-night"), breaker)
    next_month = NOW + timedelta(days=10)
    assert glass.left(Team.objects.get(pk=payments.pk), at=next_month) == 2
    assert break_it(replace(draft, name="third-night"), breaker, at=next_month).is_break_glass


def test_where_no_policy_asks_nothing_is_broken(draft, breaker, orders):
    type(orders).objects.update(environment="staging")
    orders.refresh_from_db()
    backup = break_it(replace(draft, instance=orders), breaker)
    assert (backup.status, backup.is_break_glass) == (Status.QUEUED, False)


def test_another_reviews_it_once_and_says_what_was_found(draft, breaker, lead, admin):
    backup = break_it(draft, breaker)
    with pytest.raises(GlassRefused) as refused:
        glass.review(backup, by=lead, comment=" ", at=NOW)
    assert refused.value.field == "comment"
    glass.review(backup, by=lead, comment=" the disk did fail ", at=NOW)
    backup.refresh_from_db()
    assert (backup.reviewed_by, backup.reviewed_at, backup.review_comment) == (lead, NOW, "the disk did fail")
    assert Event.objects.get(backup=backup, verb="reviewed").actor == lead
    with pytest.raises(GlassRefused, match="Somebody else"):
        glass.review(backup, by=admin, comment="me too", at=NOW)


def test_a_finding_is_of_500_characters_at_most_as_a_decision_is(draft, breaker, lead):
    backup = break_it(draft, breaker)
    with pytest.raises(GlassRefused, match="501 characters; at most 500") as refused:
        glass.review(backup, by=lead, comment="x" * 501, at=NOW)
    assert refused.value.field == "comment"
    glass.review(backup, by=lead, comment=f" {'x' * 500} ", at=NOW)


def test_what_ran_with_consent_is_not_reviewed(asked_for, lead, admin):
    with pytest.raises(GlassRefused, match="No glass was broken"):
        glass.review(asked_for, by=admin, comment="fine", at=NOW)


def test_nobody_reviews_the_own_one_not_even_by_hand(draft, breaker, payments):
    Membership.objects.filter(user=breaker).update(roles=[*Role])
    backup = break_it(draft, breaker)
    with pytest.raises(rights.RightError, match="another person"):
        glass.review(backup, by=breaker, comment="fine", at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Backup.objects.filter(pk=backup.pk).update(reviewed_by=breaker)


def test_a_viewer_does_not_review(draft, breaker, payments):
    backup = break_it(draft, breaker)
    with pytest.raises(rights.RightError):
        glass.review(backup, by=member("viewer", payments, Role.VIEWER), comment="fine", at=NOW)


def test_who_may_break_it_is_told_how_often_it_may_still_be_broken(draft, breaker, lead, payments, orders):
    Team.objects.update(break_glass_per_month=2)
    payments.refresh_from_db()
    assert glass.quotas(breaker, at=NOW) == [glass.Quota(payments, 2, rights.Right(True))]
    assert glass.quotas(lead, at=NOW) == []
    break_it(draft, breaker)
    assert glass.objections([orders], by=breaker, at=NOW) == []
    [told] = glass.objections([orders, orders], by=breaker, at=NOW)
    assert told == "Payments may break the glass 1 more times this month, and this would be 2."


def test_what_waits_for_a_review_is_told_to_who_may_review_it(draft, breaker, lead):
    backup = break_it(draft, breaker)
    assert list(glass.to_review(lead)) == [backup]
    Membership.objects.filter(user=breaker).update(roles=[*Role])
    assert list(glass.to_review(breaker)) == []
