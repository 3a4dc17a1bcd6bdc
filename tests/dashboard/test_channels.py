"""An admin says how the team is told, tries it out, and sees what became of it."""

import pytest

from backups.models import Channel, Delivery, DeliveryState, Event, Service
from backups.operations import channels, delivering, vault
from tests.cloud.raw_server import always
from tests.fixtures.post import SIGNING_SECRET

LIST, NEW = "/teams/payments/channels/", "/teams/payments/channels/new"
GOOD = {
    "slack": "https://hooks.slack.com/services/T1JJ3T3L2/B1JJ3T3L3/CANARYmnopqrstuvwxabcdef",
    "teams": "https://prod-15.uksouth.logic.azure.com:443/workflows/3XXX5/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=CANARY",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=CANARY0123456789abcdef0123456789abcdef",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "webhook": "https://hooks.example.com/in?key=CANARY",
    "email": "oncall@example.com",
}


def typed(**values: object) -> dict[str, object]:
    return {"service": "email", "name": "On call", "occasions": Service.EMAIL.occasions, **values}


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.mark.parametrize(("service", "target"), GOOD.items())
def test_each_way_is_saved_sealed_and_shown_by_its_end_only(desk, service, target):
    secret = SIGNING_SECRET if service == "webhook" else ""
    reply = desk.post(NEW, typed(service=service, target=target, secret=secret))
    channel = Channel.objects.get()
    assert reply.url == f"/channels/{channel.pk}/"
    page = desk.get(reply.url).content.decode() + desk.get(LIST).content.decode()
    assert "CANARY" not in page
    assert "CANARY" not in str(Channel.objects.values()) + str(Event.objects.values())
    assert channel.target_hint in page


@pytest.mark.parametrize(
    ("service", "target", "field"),
    [
        ("slack", "https://hooks.slack.com.evil.example/services/T1/B1/abc", "target"),
        ("teams", "https://127.0.0.1/workflows/x", "target"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send", "target"),
        ("feishu", "json://127.0.0.1/x", "target"),
        ("wecom", "", "target"),
        ("webhook", "http://hooks.example.com/", "target"),
        ("webhook", "https://user@hooks.example.com/", "target"),
        ("webhook", "https://hooks.example.com/", "secret"),
        ("email", "not an address", "target"),
    ],
)
def test_an_address_of_another_form_is_refused_at_its_field_and_nothing_typed_is_lost(
    desk, service, target, field
):
    reply = desk.post(NEW, typed(service=service, target=target, secret="whsec_short" * (field == "secret")))
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert "On call" in reply.content.decode()
    assert not Channel.objects.exists()


def test_a_name_is_taken_once_and_something_must_be_told_of(desk, by_mail):
    assert desk.post(NEW, typed(name=by_mail.name)).context["form"].errors["name"]
    assert desk.post(NEW, typed(occasions=[])).context["form"].errors["occasions"]


def test_every_change_is_told_by_a_webhook_alone_and_the_form_says_so(desk, by_mail, hook):
    refused = desk.post(NEW, typed(occasions=["failed", "state"]))
    assert list(refused.context["form"].errors) == ["occasions"]
    assert "Only a signed webhook tells of" in refused.content.decode()
    new = desk.get(NEW)
    assert "only a signed webhook takes it" in new.content.decode()
    assert "state" not in new.context["form"]["occasions"].value()
    assert 'value="state"' not in desk.get(f"/channels/{by_mail.pk}/edit").content.decode()
    channel = hook("https://hooks.example.com")
    assert 'value="state"' in desk.get(f"/channels/{channel.pk}/edit").content.decode()
    assert desk.post(f"/channels/{channel.pk}/edit", typed(occasions=["state"])).status_code == 302
    assert "Every change of a backup’s status" in desk.get(f"/channels/{channel.pk}/").content.decode()


def test_a_change_keeps_the_stored_address_and_another_one_asks_for_the_secret_again(desk, hook):
    channel = hook("https://hooks.example.com")
    edit = f"/channels/{channel.pk}/edit"
    assert desk.post(edit, typed(name="Renamed", occasions=["failed"])).status_code == 302
    changed = Channel.objects.get()
    assert (changed.name, changed.occasions) == ("Renamed", ["failed"])
    assert vault.open_optional(changed, "target") == vault.open_optional(channel, "target")
    refused = desk.post(edit, typed(target="https://other.example.com/in"))
    assert list(refused.context["form"].errors) == ["secret"]
    again = typed(target="https://other.example.com/in", secret=channels.new_signing_secret())
    assert desk.post(edit, again).status_code == 302
    assert Channel.objects.get().target_hint.startswith("other.example.com")


@pytest.mark.django_db(transaction=True)
def test_a_test_goes_to_who_asked_for_it_and_the_log_tells_of_it(desk, by_mail, mail_server, admin):
    desk.post(f"/channels/{by_mail.pk}/test")
    assert "Waiting" in desk.get(f"/channels/{by_mail.pk}/").content.decode()
    delivering.deliver()
    [mail] = mail_server.mails
    assert mail["To"] == admin.email
    assert "A test of this channel" in mail.get_content()
    assert "Delivered" in desk.get(f"/channels/{by_mail.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_told_in_the_log_and_on_the_list(desk, hook, serve_raw):
    channel = hook(serve_raw(always(500)).origin)
    desk.post(f"/channels/{channel.pk}/test")
    delivering.deliver()
    assert "status 500" in desk.get(f"/channels/{channel.pk}/").content.decode()
    assert "failing" in desk.get(LIST).content.decode()


def test_a_removed_channel_tells_nothing_more_and_its_name_is_free(desk, by_mail):
    desk.post(f"/channels/{by_mail.pk}/test")
    assert desk.post(f"/channels/{by_mail.pk}/remove").url == LIST
    assert Delivery.objects.get().state == DeliveryState.GIVEN_UP
    assert desk.get(f"/channels/{by_mail.pk}/").status_code == 404
    assert desk.post(NEW, typed(name=by_mail.name)).status_code == 302
    verbs = list(Event.objects.filter(verb__startswith="channel").values_list("verb", flat=True))
    assert verbs == ["channel_added", "channel_removed", "channel_added"]
