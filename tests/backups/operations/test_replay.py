"""What was delivered, or given up, an admin has sent again under the same id (faults.md, row 32)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backups.models import Channel, Delivery, DeliveryState, Event, Membership
from backups.operations import channels, rights
from backups.queries import verbs
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import always, in_turn, reply
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve, leave

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(days=30)


@pytest.fixture
def told(asked_for, lead, hook, serve_raw):
    """A receiver that was told of a decision: `server = told(always(200))`."""

    def of(play):
        server = serve_raw(play)
        hook(server.origin)
        approve(asked_for, lead)
        deliver()
        return server

    return of


def delivery() -> Any:
    return Delivery.objects.get()


def replay(by, at: datetime = LATER) -> None:
    channels.replay(delivery(), by=by, at=at)


def test_what_was_delivered_is_sent_again_as_it_was_and_under_its_id(told, admin):
    server = told(always(204))
    replay(admin)
    assert (delivery().state, delivery().next_at) == (DeliveryState.WAITING, LATER)
    deliver(LATER)
    first, second = server.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == str(delivery().pk)
    assert first.body == second.body
    assert (delivery().state, delivery().attempts) == (DeliveryState.DELIVERED, 2)
    assert delivery().delivered_at == LATER


def test_what_was_given_up_is_tried_for_a_day_once_more(told, admin):
    server = told(always(503))
    deliver(NOW + timedelta(days=1))
    assert delivery().state == DeliveryState.GIVEN_UP
    replay(admin)
    for after, state in (
        (timedelta(0), DeliveryState.WAITING),
        (timedelta(days=1) - timedelta(seconds=1), DeliveryState.WAITING),
        (timedelta(days=1) + timedelta(hours=1), DeliveryState.GIVEN_UP),
    ):
        deliver(LATER + after)
        assert delivery().state == state
    assert len(server.requests) == 5


def test_a_channel_that_is_left_alone_is_tried_at_once_and_a_worker_is_told(told, admin, hints):
    told(in_turn(reply(200), reply(503), reply(200)))
    Channel.objects.update(failures=9, retry_at=LATER + timedelta(hours=1))
    assert hints(replay, admin) == [("deliver", None)]
    assert Channel.objects.get().retry_at is None


def test_it_is_recorded_by_whom_and_what(told, admin):
    told(always(200))
    replay(admin)
    event = Event.objects.get(verb="delivery_replayed")
    assert (event.actor, event.at, event.team) == (admin, LATER, Channel.objects.get().team)
    assert event.data["delivery"] == str(delivery().pk)
    assert verbs.title(event.verb) == "Notification sent again"
    assert "Hook" in verbs.detail(event)


def test_only_an_admin_has_it_sent_again(told, dba):
    told(always(200))
    with pytest.raises(rights.RightError):
        replay(dba)
    assert delivery().state == DeliveryState.DELIVERED


def test_what_still_waits_is_refused(told, admin):
    told(always(503))
    with pytest.raises(channels.ChannelRefused, match="It still waits"):
        replay(admin)
    assert not Event.objects.filter(verb="delivery_replayed").exists()


def test_nothing_is_sent_again_by_a_channel_that_is_removed(told, admin):
    told(always(200))
    channels.remove(Channel.objects.get(), by=admin, at=NOW)
    with pytest.raises(channels.ChannelRefused, match="The channel was removed"):
        replay(admin)
    assert delivery().state == DeliveryState.DELIVERED


def test_a_mail_is_sent_again_to_whom_it_was_sent_unless_he_has_left(
    by_mail, mail_server, asked_for, lead, dba, admin
):
    approve(asked_for, lead)
    deliver()
    replay(admin)
    deliver(LATER)
    assert len(mail_server.told("dba@example.com")) == 2
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1
    leave(asked_for.team, dba)
    assert not Membership.objects.filter(user=dba).exists()
    with pytest.raises(channels.ChannelRefused, match="Dba is no longer in the team"):
        replay(admin)
    assert delivery().state == DeliveryState.DELIVERED
