"""Absences, months and first steps, at the last value that counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backups.models import Backup, Channel, Service, Team
from backups.operations import decisions, deputies, glass, membership, setup
from backups.operations.deputies import DeputyRefused
from tests.backups.operations.test_glass import break_it, breaker, draft
from tests.backups.operations.test_setup import FIRST
from tests.fixtures.cast import NOW

__all__ = ["breaker", "draft"]

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("days", "is_taken"), [(timedelta(days=90), True), (timedelta(days=90) + SECOND, False)]
)
def test_a_deputy_stands_in_for_90_days_at_most(payments, lead, auditor, days, is_taken):
    def appoint() -> None:
        deputies.appoint(payments, "auditor", starts_at=NOW, ends_at=NOW + days, by=lead, at=NOW)

    if is_taken:
        appoint()
    else:
        with pytest.raises(DeputyRefused, match="90"):
            appoint()


def test_a_month_of_break_glass_begins_with_its_first_moment(draft, breaker, payments):
    Team.objects.update(break_glass_per_month=1)
    begins = datetime(2026, 12, 1, tzinfo=UTC)
    break_it(draft, breaker, at=begins - timedelta(microseconds=1))
    assert glass.left(Team.objects.get(pk=payments.pk), at=begins) == 1
    break_it(replace(draft, name="another-night"), breaker, at=begins)
    assert glass.left(Team.objects.get(pk=payments.pk), at=begins) == 0


@pytest.mark.django_db
def test_whoever_is_in_the_first_team_is_told_of_everything_by_mail():
    setup.create_first_admin(**FIRST | {"team_name": "支付 Payments"})
    team = Team.objects.get()
    assert (team.name, team.slug) == ("支付 Payments", "payments")
    channel = Channel.objects.get(team=team)
    assert (channel.service, channel.target_sealed, channel.occasions) == (
        Service.EMAIL,
        None,
        Service.EMAIL.occasions,
    )


@pytest.mark.django_db
def test_a_team_whose_name_has_no_letter_for_an_address_is_called_team_there():
    setup.create_first_admin(**FIRST | {"team_name": "支付"})
    assert Team.objects.get().slug == "team"


def test_why_a_member_cannot_be_changed_so_is_told(payments, admin, dba, stranger):
    for name, roles, told in (
        ("dba", ["requester"], "That is so already."),
        ("stranger", [], "is not a member."),
    ):
        with pytest.raises(membership.MemberRefused, match=told):
            membership.check(payments, {"username": name, "roles": roles})


def test_a_request_expires_at_the_moment_until_which_it_was_to_be_decided(asked_for):
    decisions.step(asked_for.pk, at=asked_for.approve_by - SECOND)
    assert Backup.objects.get(pk=asked_for.pk).status == "AWAITING_APPROVAL"
    decisions.step(asked_for.pk, at=asked_for.approve_by)
    assert Backup.objects.get(pk=asked_for.pk).status == "EXPIRED"
