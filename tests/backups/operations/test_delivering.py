"""What is written with the act arrives: once, whatever is away in the meantime (faults.md, row 32)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backups.models import Backup, Delivery, DeliveryState, Membership, Notice
from backups.operations import creation, decisions, delivering, glass
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve, reject

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def broken(policy, orders, dba) -> Backup:
    """A backup that runs without approval."""
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    draft = creation.Draft(
        orders, "before-release", reason="disk fails", change_ticket="INC-1", breaks_glass=True
    )
    return creation.create_backups([draft], by=dba, at=NOW, client_token=uuid4())[0]


def deliver(at: datetime = NOW) -> None:
    delivering.deliver(clock=lambda: at)


def states() -> list[str]:
    return list(Delivery.objects.values_list("state", flat=True))


def test_whoever_could_decide_is_asked_by_mail_with_what_would_run_and_a_link(
    by_mail, mail_server, asked_for, settings
):
    deliver()
    [mail] = mail_server.mails
    assert mail["To"] == "lead@example.com"
    assert mail["Subject"] == "[Payments] Approval asked for: before-release (orders)"
    text = mail.get_content()
    assert "Decide by: 2026-11-24 14:10 +00:00" in text
    assert f"{settings.SITE_URL}/approvals/{asked_for.pk}/" in text
    assert states() == [DeliveryState.DELIVERED]


def test_times_are_in_the_zone_of_whoever_reads(by_mail, mail_server, asked_for, lead):
    lead.time_zone = "Asia/Kolkata"
    lead.save()
    deliver()
    assert "Decide by: 2026-11-24 19:40 +05:30" in mail_server.mails[0].get_content()


def test_who_asked_is_told_what_was_decided(by_mail, mail_server, asked_for, lead):
    deliver()
    reject(asked_for, lead, comment="not in the freeze")
    deliver()
    assert mail_server.told("dba@example.com") == ["[Payments] Rejected: before-release (orders)"]
    assert "not in the freeze" in mail_server.mails[-1].get_content()


def test_half_of_the_time_brings_one_reminder_and_the_end_the_news_of_it(by_mail, mail_server, asked_for):
    deliver()
    asked_for.refresh_from_db()
    half = NOW + timedelta(hours=12)
    assert asked_for.next_action_at == half
    for at in (half, half + MINUTE, NOW + timedelta(hours=24)):
        decisions.step(asked_for.pk, at=at)
        deliver(at)
    assert mail_server.told("lead@example.com")[1:] == [
        "[Payments] Approval still missing at half time: before-release (orders)"
    ]
    assert mail_server.told("dba@example.com") == [
        "[Payments] Expired: nobody decided in time: before-release (orders)"
    ]


def test_every_admin_and_approver_is_told_of_broken_glass_and_of_a_review_that_is_overdue(
    by_mail, mail_server, broken
):
    deliver()
    for _ in range(2):
        for pk in glass.unreviewed(at=NOW + timedelta(days=1)).values_list("pk", flat=True):
            glass.remind(pk, at=NOW + timedelta(days=1))
    deliver(NOW + timedelta(days=1))
    for person in ("lead", "admin"):
        assert [subject.partition("] ")[2] for subject in mail_server.told(f"{person}@example.com")] == [
            "Glass broken: runs without approval: before-release (orders)",
            "The review is overdue: before-release (orders)",
        ]


def test_a_mail_server_that_comes_back_is_given_everything_once(by_mail, mail_server, asked_for, lead):
    mail_server.stop()
    deliver()
    approve(asked_for, lead)
    deliver(NOW + MINUTE)
    assert set(states()) == {DeliveryState.WAITING}
    mail_server.start()
    for minutes in (5, 6, 7):
        deliver(NOW + minutes * MINUTE)
    assert [len(mail_server.told(f"{name}@example.com")) for name in ("lead", "dba")] == [1, 1]
    assert set(states()) == {DeliveryState.DELIVERED}


def test_an_address_that_is_refused_keeps_no_other_from_its_mail(
    by_mail, mail_server, asked_for, lead, dba, ask
):
    dba.email = "nobody@example.com"
    dba.save()
    approve(asked_for, lead)
    ask(asked_for.instance, "second-one")
    deliver()
    assert mail_server.told("lead@example.com") == ["[Payments] Approval asked for: second-one (orders)"]
    assert states() == [DeliveryState.WAITING, DeliveryState.DELIVERED]
    deliver(NOW + timedelta(days=1))
    assert states() == [DeliveryState.GIVEN_UP, DeliveryState.DELIVERED]


def test_what_is_undone_is_not_told(by_mail, policy, orders, ask, monkeypatch):
    def fail(*_args: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("backups.operations.audit._hold", fail)
    with pytest.raises(RuntimeError):
        ask(orders, "before-release")
    assert not Notice.objects.exists()
