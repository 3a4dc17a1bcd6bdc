"""The log of a channel shows what it told, and an admin has a line of it sent again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backups.models import Channel, Delivery, DeliveryState, Event, Notice
from backups.operations import delivering
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import always, in_turn, reply
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def told(asked_for, lead, every_change):
    """A webhook's channel that told of two changes."""
    channel = Channel.objects.get()
    approve(asked_for, lead)
    deliver()
    return channel


def text(desk, address: str) -> str:
    return " ".join(desk.get(address).content.decode().split())


def many(channel: Channel, count: int, state: DeliveryState) -> None:
    for _ in range(count):
        notice = Notice.objects.create(team=channel.team, at=NOW, addressed_at=NOW)
        Delivery.objects.create(notice=notice, channel=channel, next_at=NOW, state=state)


def test_a_line_says_what_changed_of_which_backup_under_which_id_and_how_it_was_answered(desk, told):
    page = text(desk, f"/channels/{told.pk}/")
    for shown in ("Approved", "Awaiting approval → Queued", "before-release", "status 204", "Send again"):
        assert shown in page
    for delivery in Delivery.objects.all():
        assert str(delivery.pk) in page


def test_a_line_is_sent_again_and_the_reader_stays_where_he_was(desk, hook, serve_raw, asked_for, lead):
    server = serve_raw(in_turn(reply(503), reply(503), reply(200)))
    channel = hook(server.origin)
    approve(asked_for, lead)
    for at in (NOW, NOW + timedelta(days=1)):
        deliver(at)
    [delivery] = Delivery.objects.filter(state=DeliveryState.GIVEN_UP)
    assert "Send again" in text(desk, f"/channels/{channel.pk}/?state=given_up")
    address = f"/channels/{channel.pk}/deliveries/{delivery.pk}/replay"
    answer = desk.post(f"{address}?state=given_up&before=1")
    assert answer.url == f"/channels/{channel.pk}/?state=given_up"
    assert "Nothing of this state." in text(desk, answer.url)
    waiting = text(desk, f"/channels/{channel.pk}/?state=waiting")
    assert "Send again" not in waiting
    delivering.deliver()
    assert len({call.headers["webhook-id"] for call in server.requests}) == 1
    assert "Delivered" in text(desk, f"/channels/{channel.pk}/?state=delivered")


def test_what_cannot_be_sent_again_is_said(desk, hook, serve_raw, asked_for, lead):
    channel = hook(serve_raw(always(503)).origin)
    approve(asked_for, lead)
    deliver()
    address = f"/channels/{channel.pk}/deliveries/{Delivery.objects.get().pk}/replay"
    assert "It still waits to be sent." in desk.post(address, follow=True).content.decode()
    assert not Event.objects.filter(verb="delivery_replayed").exists()


def test_a_line_of_another_channel_is_not_found(desk, told, by_mail):
    line = Delivery.objects.first()
    assert line
    for channel, delivery in ((by_mail.pk, line.pk), (told.pk, uuid4()), (uuid4(), line.pk)):
        assert desk.post(f"/channels/{channel}/deliveries/{delivery}/replay").status_code == 404


def test_the_log_goes_on_page_by_page_and_shows_one_state_alone(desk, told, django_assert_num_queries):
    many(told, 51, DeliveryState.GIVEN_UP)
    first = desk.get(f"/channels/{told.pk}/?state=given_up").context["page"]
    assert len(first.rows) == 50
    address = f"/channels/{told.pk}/?state=given_up&before={first.next_before}"
    rest = desk.get(address, headers={"hx-request": "true"}).content.decode()
    assert rest.count("Send again") == 1
    assert "<h1>" not in rest
    assert not [row for row in first.rows if str(row.pk) in rest]
    with django_assert_num_queries(6):  # session, reader, what stands around, channel, right, lines
        assert len(desk.get(f"/channels/{told.pk}/").context["page"].rows) == 50


def test_a_place_in_the_log_that_is_none_is_refused(desk, told):
    assert desk.get(f"/channels/{told.pk}/?before=x").status_code == 400
