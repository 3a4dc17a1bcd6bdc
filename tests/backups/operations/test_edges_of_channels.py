"""What a channel is held to at the last value that counts, and what its changes leave behind."""

import base64

import pytest

from backups.models import Channel, Delivery, DeliveryState, Event, Occasion, Service
from backups.operations import channels, rights
from backups.secrecy.secret import Secret
from tests.fixtures.cast import NOW
from tests.fixtures.post import SIGNING_SECRET

pytestmark = pytest.mark.django_db

HOOK = "https://hooks.example.com/in?key=CANARYabcd"


def signing_secret(count: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * count).decode()


def draft(
    *, service=Service.WEBHOOK, name="Hook", occasions=(Occasion.FAILED,), target=HOOK, secret=SIGNING_SECRET
) -> channels.ChannelDraft:
    sealed = [Secret(value) if value else None for value in (target, secret)]
    return channels.ChannelDraft(service, name, occasions, *sealed)


@pytest.fixture
def channel(payments, admin) -> Channel:
    return channels.add(payments, draft(), by=admin, at=NOW)


@pytest.mark.parametrize(("count", "is_taken"), [(23, False), (24, True), (64, True), (65, False)])
def test_a_signing_secret_has_24_to_64_bytes(count, is_taken):
    if is_taken:
        assert channels.signing_key(Secret(signing_secret(count))) == b"k" * count
        return
    with pytest.raises(channels.ChannelRefused) as refused:
        channels.signing_key(Secret(signing_secret(count)))
    assert refused.value.field == "secret"


@pytest.mark.parametrize(
    "secret",
    ["whsec_!" + signing_secret(24)[6:], signing_secret(24)[6:], "whsec_abc", "whsek_" + signing_secret(24)],
)
def test_a_signing_secret_of_another_form_is_not_taken(payments, admin, secret):
    with pytest.raises(channels.ChannelRefused, match="base64"):
        channels.add(payments, draft(secret=secret), by=admin, at=NOW)


def test_a_new_signing_secret_is_of_32_random_bytes():
    one, other = channels.new_signing_secret(), channels.new_signing_secret()
    assert one != other
    assert len(channels.signing_key(Secret(one))) == 32


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"occasions": ()}, "occasions"),
        ({"target": None}, "target"),
        ({"target": "http://10.0.0.1/in"}, "target"),
        ({"target": "hooks.example.com/in"}, "target"),
        ({"target": "https://["}, "target"),
        ({"secret": None}, "secret"),
        ({"service": Service.EMAIL, "target": "on call"}, "target"),
        ({"service": Service.EMAIL, "target": f"{'a' * 243}@example.com"}, "target"),
        ({"service": Service.EMAIL, "target": None, "occasions": tuple(Occasion)}, "occasions"),
    ],
)
def test_a_mistake_is_told_at_its_field(payments, admin, changes, field):
    with pytest.raises(channels.ChannelRefused) as refused:
        channels.add(payments, draft(**changes), by=admin, at=NOW)
    assert refused.value.field == field
    assert not Channel.objects.exists()


def test_a_name_is_taken_once_and_said_so(channel, payments, admin):
    with pytest.raises(channels.ChannelRefused, match="The team already has a channel “Hook”"):
        channels.add(payments, draft(), by=admin, at=NOW)


def test_what_is_shown_of_an_address_tells_it_apart_and_hides_its_key(channel, payments, admin):
    mail = draft(service=Service.EMAIL, name="On call", target="oncall@example.com", secret=None)
    assert channel.target_hint == "hooks.example.com …abcd"
    assert channels.add(payments, mail, by=admin, at=NOW).target_hint == "oncall@example.com"


def test_an_address_as_long_as_can_be_is_taken(payments, admin):
    mail = draft(service=Service.EMAIL, name="Long", target=f"{'a' * 242}@example.com", secret=None)
    assert len(channels.add(payments, mail, by=admin, at=NOW).target_hint) == 254
    hook = draft(target=f"https://{'a.' * 121}example.com/in")
    assert channels.add(payments, hook, by=admin, at=NOW).target_hint == f"{'a.' * 100} …m/in"


def test_only_an_admin_makes_changes_tests_or_removes_a_channel(channel, payments, dba):
    for act in (
        lambda: channels.add(payments, draft(name="Other"), by=dba, at=NOW),
        lambda: channels.change(channel, draft(), by=dba, at=NOW),
        lambda: channels.send_test(channel, by=dba, at=NOW),
        lambda: channels.remove(channel, by=dba, at=NOW),
    ):
        with pytest.raises(rights.RightError):
            act()
    assert list(Event.objects.values_list("verb", flat=True)) == ["channel_added"]


def test_each_change_is_recorded_with_what_it_is_about(channel, admin):
    channels.change(channel, draft(name="Other", target=None, secret=None), by=admin, at=NOW)
    channels.remove(channel, by=admin, at=NOW)
    channels.remove(channel, by=admin, at=NOW)
    events = list(Event.objects.order_by("id"))
    assert [event.verb for event in events] == ["channel_added", "channel_changed", "channel_removed"]
    assert events[1].data == {
        "name": "Other", "service": "webhook", "target": "hooks.example.com …abcd"
    }  # fmt: skip


def test_another_address_needs_its_secret_again_and_is_tried_at_once(channel, admin):
    Channel.objects.filter(pk=channel.pk).update(failures=3, retry_at=NOW)
    channel.refresh_from_db()
    with pytest.raises(channels.ChannelRefused) as refused:
        channels.change(channel, draft(secret=None), by=admin, at=NOW)
    assert refused.value.field == "secret"
    channels.change(channel, draft(target=None), by=admin, at=NOW)
    channel.refresh_from_db()
    assert (channel.failures, channel.retry_at) == (0, None)


def test_a_test_is_tried_though_the_channel_is_left_alone(channel, payments, admin, hints):
    Channel.objects.filter(pk=channel.pk).update(failures=3, retry_at=NOW)
    assert hints(channels.send_test, channel, by=admin, at=NOW) == [("deliver", None)]
    channel.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (channel.retry_at, delivery.recipient, delivery.address) == (None, None, "")
    channels.remove(channel, by=admin, at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failure) == (DeliveryState.GIVEN_UP, "The channel was removed.")


def test_a_test_by_mail_goes_to_whoever_asks_unless_there_is_an_address(payments, admin):
    for target, address in ((None, "admin@example.com"), ("oncall@example.com", "")):
        told = draft(service=Service.EMAIL, name=f"Mail {target}", target=target, secret=None)
        made = channels.add(payments, told, by=admin, at=NOW)
        assert channels.send_test(made, by=admin, at=NOW).address == address
