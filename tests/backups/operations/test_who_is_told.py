"""To which addresses a channel of mail leads."""

import pytest
from django.db import connection

from backups.models import Delivery, DeliveryState, Notice, Occasion, Service
from backups.operations import channels, senders
from backups.secrecy.secret import Secret
from tests.backups.operations.test_delivering import deliver
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_with_one_address_get_one_mail(asked_for, by_mail, mail_server, lead, admin):
    lead.email = admin.email
    lead.save()
    approve(asked_for, lead)
    Notice.objects.update(occasion=Occasion.BREAK_GLASS)
    deliver()
    assert len(mail_server.mails) == 1


def test_a_channel_with_an_address_tells_it_alone(payments, admin, mail_server, asked_for, lead):
    wanted = Service.EMAIL.occasions
    draft = channels.ChannelDraft(Service.EMAIL, "On call", wanted, Secret("oncall@example.com"))
    channels.add(payments, draft, by=admin, at=NOW)
    approve(asked_for, lead)
    deliver()
    assert [mail["To"] for mail in mail_server.mails] == ["oncall@example.com"]


def test_without_a_mail_server_nobody_is_written_to(asked_for, by_mail, lead, settings):
    settings.EMAIL_HOST = ""
    approve(asked_for, lead)
    deliver()
    assert not Delivery.objects.exists()
    assert Notice.objects.get().addressed_at == NOW


def test_a_channel_that_is_removed_meanwhile_tells_nothing_more(
    by_mail, mail_server, asked_for, admin, monkeypatch
):
    opened = senders.opened

    def remove_first(channel):
        channels.remove(channel, by=admin, at=NOW)
        return opened(channel)

    monkeypatch.setattr(senders, "opened", remove_first)
    deliver()
    assert mail_server.mails == []
    assert Delivery.objects.get().state == DeliveryState.GIVEN_UP


def test_what_another_postman_addresses_is_left_to_him(by_mail, mail_server, asked_for):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM backups_notice FOR UPDATE")
        deliver()
        assert not Delivery.objects.exists()
        cursor.execute("ROLLBACK")
    other.close()
    deliver()
    assert len(mail_server.mails) == 1
