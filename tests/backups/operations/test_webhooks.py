"""A webhook is signed, tried again, and told no more than its team wants (faults.md, row 32)."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from backups.models import Channel, Delivery, DeliveryState, Event, Notice, Occasion
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import always, in_turn, reply
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve
from tests.fixtures.post import SIGNING_SECRET

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_webhook_is_signed_as_the_standard_says(hook, serve_raw, asked_for, lead):
    server = serve_raw(always(204))
    hook(server.origin)
    approve(asked_for, lead)
    deliver()
    [call] = server.requests
    assert call.target == "/in?key=CANARYabcd"
    told = call.json()
    assert (told["type"], told["backup"]["id"]) == ("backup.decided", str(asked_for.pk))
    assert told["event"] == {
        "number": Event.objects.latest("id").number,
        "verb": "approved",
        "from_status": "AWAITING_APPROVAL",
        "to_status": "QUEUED",
        "by": "lead",
    }
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    key = base64.b64decode(SIGNING_SECRET.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert call.headers["webhook-signature"] == f"v1,{mark}"
    assert call.headers["webhook-id"] == str(Delivery.objects.get().pk)


def test_what_fails_is_tried_again_later_under_the_same_id_and_logged(hook, serve_raw, asked_for, lead):
    server = serve_raw(in_turn(reply(503), reply(200)))
    hook(server.origin)
    approve(asked_for, lead)
    deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.http_status) == (DeliveryState.WAITING, 503)
    assert delivery.failure == "The receiver answered with status 503."
    deliver(NOW + timedelta(seconds=9))
    assert len(server.requests) == 1
    deliver(NOW + timedelta(seconds=10))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.failure) == (DeliveryState.DELIVERED, 2, "")
    assert len({call.headers["webhook-id"] for call in server.requests}) == 1
    assert Channel.objects.get().failures == 0


def test_a_team_that_wants_to_hear_nothing_of_it_has_nothing_written(hook, serve_raw, asked_for, lead):
    hook(serve_raw(always(200)).origin, occasions=[Occasion.COMPLETED])
    approve(asked_for, lead)
    assert not Notice.objects.exists()


def test_nothing_secret_of_a_channel_is_written_down(hook, serve_raw):
    hook(serve_raw(always(200)).origin)
    told = json.dumps([str(Channel.objects.values()), str(Event.objects.values())])
    assert "CANARY" not in told
    assert SIGNING_SECRET not in told
