"""How often and by how many what waits is delivered, to the second."""

from datetime import timedelta

import pytest
from django.db import connection

from backups.models import Channel, Delivery, DeliveryState, Notice, Occasion
from backups.operations import delivering
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import always, in_turn, reply
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db(transaction=True)

POSTMEN, CHANNELS = 7302, 7303


@pytest.fixture
def decided(asked_for, lead, hook, serve_raw):
    """A receiver that answers as it is told, and one thing to tell it: `server, channel = decided(...)`."""

    def of(play):
        server = serve_raw(play)
        channel = hook(server.origin)
        approve(asked_for, lead)
        return server, channel

    return of


@pytest.fixture
def elsewhere():
    """Another process that holds locks: `elsewhere(7302, 0)`."""
    other = connection.copy()

    def hold(lock: int, key: int) -> None:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lock, key])

    yield hold
    other.close()


def locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_two_postmen_are_at_it_and_no_third(decided, elsewhere):
    server, _ = decided(always(200))
    elsewhere(POSTMEN, 0)
    elsewhere(POSTMEN, 1)
    deliver()
    assert not server.requests


@pytest.mark.parametrize("taken", [0, 1])
def test_one_postman_keeps_no_second_from_it(decided, elsewhere, taken):
    server, _ = decided(always(200))
    elsewhere(POSTMEN, taken)
    elsewhere(POSTMEN, 2)
    deliver()
    assert len(server.requests) == 1
    assert locks_held() == 0


def test_a_channel_that_another_postman_serves_is_left_to_him(decided, elsewhere):
    server, channel = decided(always(200))
    elsewhere(CHANNELS, channel.pk.int % 2**31)
    deliver()
    assert not server.requests
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert locks_held() == 0


def test_a_postman_who_dies_leaves_his_letter_for_two_minutes(decided, monkeypatch):
    server, _ = decided(always(200))

    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("backups.cloud.transport.Transport.send", die)
        with pytest.raises(SystemExit):
            deliver()
    assert Delivery.objects.get().next_at == NOW + timedelta(minutes=2)
    assert locks_held() == 0
    deliver(NOW + timedelta(seconds=119))
    assert not server.requests
    deliver(NOW + timedelta(seconds=120))
    assert len(server.requests) == 1


def test_a_channel_that_fails_is_left_alone_longer_each_time_up_to_an_hour(decided):
    _, channel = decided(always(503))
    at, waits = NOW, []
    for _ in range(11):
        deliver(at)
        channel.refresh_from_db()
        assert Delivery.objects.get().next_at == at
        waits.append(int((channel.retry_at - at).total_seconds()))
        at = channel.retry_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_an_address_that_is_refused_is_tried_later_each_time_and_its_channel_works(
    by_mail, asked_for, lead, dba
):
    dba.email = "nobody@example.com"
    dba.save()
    approve(asked_for, lead)
    for seconds, wait in ((0, 10), (10, 20), (30, 40)):
        deliver(NOW + timedelta(seconds=seconds))
        assert Delivery.objects.get().next_at == NOW + timedelta(seconds=seconds + wait)
    assert Channel.objects.get().failures == 0


def test_one_letter_that_arrives_ends_a_row_of_failures(decided, ask, asked_for):
    _, channel = decided(in_turn(reply(500), reply(500), reply(200), reply(500)))
    Channel.objects.update(occasions=[Occasion.DECIDED, Occasion.ASKED])
    ask(asked_for.instance, "second-one")
    for seconds in (0, 10, 30):
        deliver(NOW + timedelta(seconds=seconds))
    channel.refresh_from_db()
    assert (channel.failures, channel.retry_at) == (1, NOW + timedelta(seconds=40))


def test_there_is_work_while_something_is_new_or_due(decided):
    assert not delivering.is_due(at=NOW)
    decided(in_turn(reply(500), reply(200)))
    assert delivering.is_due(at=NOW)
    assert not delivering.is_due(at=NOW - timedelta(seconds=1))
    deliver()
    assert Notice.objects.get().addressed_at == NOW
    assert not delivering.is_due(at=NOW + timedelta(seconds=9))
    assert delivering.is_due(at=NOW + timedelta(seconds=10))
    deliver(NOW + timedelta(seconds=10))
    assert not delivering.is_due(at=NOW + timedelta(days=1))
