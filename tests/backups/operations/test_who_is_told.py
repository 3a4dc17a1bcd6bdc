"""To which addresses a channel of mail leads."""

import pytest

from backups.models import Delivery, Notice, Occasion, Service
from backups.operations import channels
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
    draft = channels.ChannelDraft(Service.EMAIL, "On call", list(Occasion), Secret("oncall@example.com"))
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
