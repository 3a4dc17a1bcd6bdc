"""What a letter looks like on the wire, and what is said when it does not arrive."""

from datetime import timedelta

import pytest

from backups.models import Channel, Delivery, DeliveryState, Occasion, Service
from backups.operations import channels, senders
from backups.secrecy.secret import Secret
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import always
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve
from tests.fixtures.post import SIGNING_SECRET

pytestmark = pytest.mark.django_db(transaction=True)


def failure() -> str:
    return Delivery.objects.get().failure


def test_a_mail_carries_the_id_of_its_delivery_under_the_name_of_this_site(
    by_mail, mail_server, asked_for, lead, settings
):
    settings.SITE_URL = "https://safepoint.example.com:8443"
    approve(asked_for, lead)
    deliver()
    [mail] = mail_server.mails
    assert mail["Message-ID"] == f"<{Delivery.objects.get().pk}@safepoint.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_server_that_takes_nothing_is_quoted(by_mail, mail_server, asked_for, lead):
    mail_server.is_full = True
    approve(asked_for, lead)
    deliver()
    assert failure().startswith("The mail server failed: ")
    assert "No room" in failure()


def test_a_mail_server_that_is_away_is_told_of(by_mail, mail_server, asked_for, lead):
    mail_server.stop()
    approve(asked_for, lead)
    deliver()
    assert failure().startswith("The mail server does not answer: ")


def test_without_a_mail_server_it_is_told_who_has_to_name_one(payments, admin, asked_for, lead, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    wanted = Service.EMAIL.occasions
    on_call = channels.ChannelDraft(Service.EMAIL, "On call", wanted, Secret("oncall@example.com"))
    channels.add(payments, on_call, by=admin, at=NOW)
    approve(asked_for, lead)
    deliver()
    assert failure() == "No mail server is set: whoever runs Safepoint has to name one (EMAIL_HOST)."


def test_a_receiver_that_is_away_is_told_of(hook, asked_for, lead):
    hook("http://127.0.0.1:1")
    approve(asked_for, lead)
    deliver()
    assert failure().startswith("The receiver was not reached: ")
    assert Channel.objects.get().failures == 1


@pytest.mark.parametrize(("status", "state"), [(299, DeliveryState.DELIVERED), (300, DeliveryState.WAITING)])
def test_whatever_status_of_success_is_a_success(hook, serve_raw, asked_for, lead, status, state):
    hook(serve_raw(always(status)).origin)
    approve(asked_for, lead)
    deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.http_status) == (state, status)


def test_a_receiver_without_a_path_is_told_at_its_root(payments, admin, serve_raw, asked_for, lead, settings):
    server = serve_raw(always(200))
    settings.WEBHOOK_ORIGINS = [server.origin]
    secret = Secret(SIGNING_SECRET)
    draft = channels.ChannelDraft(Service.WEBHOOK, "Root", list(Occasion), Secret(server.origin), secret)
    channels.add(payments, draft, by=admin, at=NOW)
    approve(asked_for, lead)
    deliver()
    assert [call.target for call in server.requests] == ["/"]


def test_an_address_that_does_not_open_is_told_of_and_tried_again(hook, serve_raw, asked_for, lead):
    channel = hook(serve_raw(always(200)).origin)
    Channel.objects.filter(pk=channel.pk).update(target_sealed=b"of another key")
    approve(asked_for, lead)
    deliver()
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert failure()
    Channel.objects.filter(pk=channel.pk).update(target_sealed=channel.target_sealed)
    deliver(NOW + timedelta(seconds=10))
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_what_a_service_says_is_kept_as_far_as_the_log_has_room():
    assert len(senders.NotDeliveredError("x" * 600).failure) == 500
