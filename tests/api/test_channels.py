"""Channels through REST: made, changed, tried and removed, their log read; their secrets go in, never out."""

import pytest
from django.utils import timezone

from backups.models import Channel, Delivery, DeliveryState, Notice
from backups.operations import vault

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # pragma: allowlist secret
TARGET = "https://hooks.example.org/in?key=CANARYabcd"
HOOK = {
    "name": "Hook",
    "service": "webhook",
    "occasions": ["state", "failed"],
    "target": TARGET,
    "secret": SECRET,
}
MAIL = {"name": "Mail", "service": "email", "occasions": ["failed"]}


def test_a_channel_is_made_and_its_secrets_are_never_told(call_as, admin):
    call = call_as(admin)
    made = call.post("channels/", HOOK)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["service"], told["target_hint"]) == ("webhook", "hooks.example.org …abcd")
    assert told["occasions"] == ["failed", "state"]
    path = f"channels/{told['id']}/"
    changed = call.send("patch", path, {"name": "Pipeline"})
    assert changed.json() == told | {"name": "Pipeline"}
    replies = [made, changed, call.get("channels/"), call.get(path), call.get("events/")]
    assert not [reply for reply in replies if "CANARY" in reply.text or SECRET in reply.text]
    channel = Channel.objects.get(pk=told["id"])
    assert vault.open_field(channel, "target").reveal() == TARGET
    assert vault.open_field(channel, "secret").reveal() == SECRET


def test_another_address_needs_its_secret_again(call_as, admin):
    call = call_as(admin)
    path = f"channels/{call.post('channels/', HOOK).json()['id']}/"
    change = {"target": "https://elsewhere.example.org/in"}
    refused = call.send("patch", path, change)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"secret"})
    assert call.get(path).json()["target_hint"].startswith("hooks.")
    told = call.send("patch", path, change | {"secret": SECRET}).json()
    assert told["target_hint"] == "elsewhere.example.org …g/in"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"service": "pigeon"}, 400, "service"),
        ({"occasions": []}, 400, "occasions"),
        ({"occasions": ["lunch"]}, 400, "occasions.0"),
        ({"name": " "}, 400, "name"),
        ({"name": 0}, 400, "name"),
        ({"secret": ""}, 400, "secret"),
        ({"target_hint": "x"}, 400, "target_hint"),
        ({"occasions": ["state"]}, 422, "occasions"),
        ({"target": "nobody"}, 422, "target"),
        ({"target": f"{'a' * 250}@example.org"}, 422, "target"),
        ({"service": "webhook", "target": "https://[", "secret": SECRET}, 422, "target"),
        ({"service": "webhook", "target": "http://10.0.0.1/", "secret": SECRET}, 422, "target"),
        ({"service": "webhook", "target": TARGET}, 422, "secret"),
        ({"service": "webhook", "target": TARGET, "secret": "short"}, 422, "secret"),
        ({"service": "slack"}, 422, "target"),
        ({"name": "People"}, 422, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(call_as, admin, by_letter, change, status, field):
    reply = call_as(admin).post("channels/", MAIL | change)
    assert (reply.status_code, set(reply.json()["errors"])) == (status, {field})
    assert SECRET not in reply.text
    assert Channel.objects.get() == by_letter


def test_a_test_is_on_its_way_and_its_delivery_is_told(call_as, admin, by_letter):
    call = call_as(admin)
    sent = call.post(f"channels/{by_letter.pk}/test/")
    assert (sent.status_code, sent.json()["occasion"], sent.json()["state"]) == (202, "", "waiting")
    assert sent.json()["recipient"] == "admin"
    assert call.get(f"channels/{by_letter.pk}/deliveries/").json()["results"] == [sent.json()]
    again = call.post(f"channels/{by_letter.pk}/deliveries/{sent.json()['id']}/replay/")
    assert (again.status_code, again.json()["type"]) == (409, "urn:safepoint:problem:waiting")


def test_what_was_delivered_is_sent_again_under_its_id(call_as, admin, told):
    reply = call_as(admin).post(f"channels/{told.channel_id}/deliveries/{told.pk}/replay/")
    assert (reply.status_code, reply.json()["id"], reply.json()["state"]) == (202, str(told.pk), "waiting")
    assert reply.json()["replayed_at"]


def test_a_delivery_of_another_channel_is_not_there(call_as, admin, told):
    call = call_as(admin)
    other = call.post("channels/", MAIL).json()["id"]
    assert call.post(f"channels/{other}/deliveries/{told.pk}/replay/").status_code == 404


def test_the_log_comes_in_pages_and_by_state(call_as, admin, by_letter, payments):
    now = timezone.now()
    notices = [Notice.objects.create(team=payments, at=now, addressed_at=now) for _each in range(51)]
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=by_letter, next_at=now, state=DeliveryState.GIVEN_UP)
        for notice in notices
    )
    call, path = call_as(admin), f"channels/{by_letter.pk}/deliveries/"
    first = call.get(path, {"state": "given_up"}).json()
    assert len(first["results"]) == 50
    rest = call.get(first["next"].removeprefix("http://localhost:8000")).json()
    assert (len(rest["results"]), rest["next"]) == (1, None)
    assert len({row["id"] for row in first["results"] + rest["results"]}) == 51
    assert call.get(path, {"state": "waiting"}).json()["results"] == []
    assert call.get(path, {"state": "lost"}).status_code == 400
    foreign = call.get(path, {"cursor": "x"})
    assert (foreign.status_code, set(foreign.json()["errors"])) == (422, {"cursor"})


def test_what_is_removed_is_not_there_any_more(call_as, admin, told):
    call, path = call_as(admin), f"channels/{told.channel_id}/"
    assert (call.send("delete", path).status_code, call.send("delete", path).status_code) == (204, 404)
    assert call.get("channels/").json()["results"] == []
    assert call.get(f"{path}deliveries/").status_code == 404


def test_a_channel_of_a_team_that_the_token_is_not_for_is_not_there(call_as, admin, by_letter, storefront):
    storefront.memberships.create(user=admin, roles=["admin"])
    assert call_as(admin, team=storefront).get(f"channels/{by_letter.pk}/").status_code == 404
