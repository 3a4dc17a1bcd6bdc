"""What a team hears in its chat service, and what is said of a service that does not take it."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from backups.models import Channel, Delivery, DeliveryState, Service
from backups.operations import channels
from backups.secrecy.secret import Secret
from tests.backups.operations.test_delivering import deliver
from tests.fixtures.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = {
    Service.SLACK: "https://hooks.slack.com/services/T1JJ3T3L2/B1JJ3T3L3/CANARYmnopqrstuvwxabcdef",
    Service.TEAMS: "https://prod-15.uksouth.logic.azure.com:443/workflows/3f3f3f3f3f3f/triggers/manual/paths/"
    "invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=CANARY",
    Service.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=CANARY0123456789abcdef",
    Service.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/8b799edf-6f98-4d3a-9be7-2862fb4CANARY",
    Service.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=8b799edf-6f98-4d3a-9be7-CANARY",
}
ANSWERS = {
    Service.SLACK: (200, b"ok"),
    Service.TEAMS: (202, b""),
    Service.DINGTALK: (200, {"errcode": 0, "errmsg": "ok"}),
    Service.FEISHU: (200, {"code": 0, "msg": "success"}),
    Service.WECOM: (200, {"errcode": 0, "errmsg": "ok"}),
}


def chat(team, admin, service: Service, *, secret: str | None = None) -> Channel:
    target, key = Secret(ADDRESSES[service]), Secret(secret) if secret else None
    draft = channels.ChannelDraft(service, "Chat", service.occasions, target, key)
    return channels.add(team, draft, by=admin, at=NOW)


@pytest.mark.parametrize("service", ADDRESSES)
def test_each_service_is_told_at_the_address_that_it_gave(service, payments, admin, asked_for, ask, chats):
    told = chats(*ANSWERS[service])
    chat(payments, admin, service)
    ask(asked_for.instance, "second-one")
    deliver()
    [(host, request)] = told
    wanted = urlsplit(ADDRESSES[service])
    assert (host, request.method, request.path.rstrip("/")) == (wanted.hostname, "POST", wanted.path)
    assert dict(parse_qsl(wanted.query)).items() <= request.query.items()
    text = json.dumps(request.json(), ensure_ascii=False)
    assert "Approval asked for: second-one (orders)" in text
    assert "/approvals/" in text
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_robot_of_dingtalk_with_a_secret_is_told_with_its_signature(payments, admin, asked_for, ask, chats):
    told = chats(*ANSWERS[Service.DINGTALK])
    chat(payments, admin, Service.DINGTALK, secret="SECcanary0123456789")
    ask(asked_for.instance, "second-one")
    deliver()
    assert {"timestamp", "sign"} <= told[0][1].query.keys()


def test_a_service_that_does_not_take_it_is_quoted_without_its_address(
    payments, admin, asked_for, ask, chats
):
    chats(403, b"invalid_token CANARYmnopqrstuvwxabcdef")
    chat(payments, admin, Service.SLACK)
    ask(asked_for.instance, "second-one")
    deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
    assert "403" in delivery.failure
    assert "CANARY" not in delivery.failure


@pytest.mark.parametrize("service", ADDRESSES)
def test_no_other_address_is_taken_for_one_of_a_service(service, payments, admin):
    for wrong in ("https://10.0.0.1/services/A/B/C", ADDRESSES[service] + "\n", "slack://A/B/C"):
        draft = channels.ChannelDraft(service, "Chat", service.occasions, Secret(wrong))
        with pytest.raises(channels.ChannelRefused) as refused:
            channels.add(payments, draft, by=admin, at=NOW)
        assert refused.value.field == "target"
        assert str(refused.value) == f"This is not the webhook address that {service.label} gives."
