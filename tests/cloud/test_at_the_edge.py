"""The last value that counts, and the first that does not."""

from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any, cast

import pytest

from backups import cloud
from backups.cloud.answers import Answer
from backups.cloud.deadline import Deadline, DeadlinePassedError
from backups.cloud.diagnosis import diagnose
from backups.cloud.exchange import Exchange
from backups.cloud.messages import Reply
from backups.cloud.origins import NotAnOriginError, read_origin
from backups.cloud.scrubbing import scrub_data, scrub_text
from backups.cloud.shelf import Shelf
from backups.cloud.tokens import Token
from backups.secrecy.redaction import HIDDEN
from backups.secrecy.secret import Secret
from tests.cloud.raw_server import always

NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
GOOD = {"backup": {"id": "b-1"}}
RENEW = b'{"error_code": "APIGW.0307", "error_msg": "token must be updated"}'


def answer(status: int, body: bytes = b"") -> Answer:
    headers = Message()
    headers["X-Canary"] = "CANARYHEADER"
    exchange = Exchange("GET", "https://cloud/", "", NOW, 1)
    return Answer(status, headers, body, "", exchange, NOW, (Secret("CANARYSECRET"),))


@pytest.mark.parametrize(("status", "is_made"), [(199, False), (200, True), (299, True), (300, False)])
def test_only_a_2xx_is_a_success(serve, create_on, status, is_made):
    assert answer(status).is_success == is_made
    server = serve(always(status, GOOD))
    if is_made:
        assert create_on(server).id == "b-1"
    else:
        with pytest.raises(cloud.CloudError):
            create_on(server)


@pytest.mark.parametrize(
    ("status", "body", "asks"),
    [
        (399, RENEW, False), (400, RENEW, True), (400, b"", False), (401, b"", True), (402, b"", False),
        (499, RENEW, True), (499, b"", False), (500, RENEW, False),
    ],
)  # fmt: skip
def test_a_new_token_is_asked_for_by_a_401_or_by_its_code_under_another_4xx(status, body, asks):
    assert answer(status, body).asks_for_a_new_token == asks


def test_neither_headers_nor_body_nor_secrets_show_in_what_is_logged():
    headers = Message()
    headers["X-Canary"] = "CANARYHEADER"
    shown = repr(answer(200, b"CANARYBODY")) + repr(Reply(200, headers, b"CANARYBODY"))
    assert "CANARY" not in shown
    assert "Secret" not in shown
    assert "Message" not in shown


def test_the_highest_port_is_65535_and_http_has_its_own():
    assert read_origin("https://cloud:65535").port == 65535
    assert read_origin("http://cloud").port == 80
    with pytest.raises(NotAnOriginError, match="not a port"):
        read_origin("https://cloud:65536")


def test_a_deadline_is_over_when_no_time_is_left():
    clock = iter([10.0, 13.0, 14.5, 15.0])
    deadline = Deadline(5.0, clock=lambda: next(clock))
    assert deadline.left() == 2.0
    assert deadline.remaining() == 0.5
    with pytest.raises(DeadlinePassedError):
        deadline.remaining()


@pytest.mark.parametrize(("skew", "is_ok"), [(890.0, True), (-900.0, True), (901.0, False)])
def test_a_clock_may_be_15_minutes_off(client_of, monkeypatch, skew, is_ok):
    client = client_of()
    for name, value in {"connect": None, "sign_in": None, "try_lists": None, "clock_skew": skew}.items():
        monkeypatch.setattr(cloud.CloudClient, name, lambda _self, value=value: value)
    monkeypatch.setattr(
        cloud.CloudClient, "resolve", lambda _self: cloud.Target("cloud", 443, ("192.0.2.1",), True)
    )
    clock = next(step for step in diagnose(client) if step.key == "clock")
    assert clock.is_ok == is_ok


@pytest.mark.parametrize(("secret", "is_hidden"), [("abc", False), ("abcd", True)])
def test_a_secret_of_four_characters_is_hidden_in_words(secret, is_hidden):
    assert (scrub_text(f"it was {secret}.", [Secret(secret)]) == f"it was {HIDDEN}.") == is_hidden


@pytest.mark.parametrize(("length", "is_hidden"), [(15, False), (16, True)])
def test_a_secret_of_sixteen_characters_is_hidden_in_data(length, is_hidden):
    secret = "q" * length
    assert (scrub_data(secret.encode(), [Secret(secret)]) == HIDDEN.encode()) == is_hidden


def test_a_secret_is_hidden_to_its_last_character_as_json_spells_it():
    assert scrub_text('say ab\\"cd\\" now', [Secret('ab"cd"')]) == f"say {HIDDEN} now"


class Kept:
    """A connection that stays open until somebody closes it."""

    def __init__(self) -> None:
        self.is_connected = True

    def close(self) -> None:
        self.is_connected = False


@pytest.mark.parametrize(("seconds", "is_kept"), [(14.5, True), (15.0, False)])
def test_a_connection_is_kept_for_15_seconds_and_then_closed(seconds, is_kept):
    clock = iter([0.0, seconds])
    shelf, kept = Shelf(clock=lambda: next(clock)), Kept()
    shelf.put(read_origin("https://cloud"), cast("Any", kept))
    assert (shelf.take(read_origin("https://cloud")) is cast("Any", kept)) == is_kept
    assert kept.is_connected == is_kept


def test_eight_connections_of_an_origin_are_kept_and_the_ninth_is_closed():
    shelf, kept = Shelf(clock=lambda: 0.0), [Kept() for _ in range(9)]
    for each in kept:
        shelf.put(read_origin("https://cloud"), cast("Any", each))
    assert [each.is_connected for each in kept] == [True] * 8 + [False]


@pytest.mark.parametrize(("minutes", "is_fresh"), [(4.5, False), (5.0, False), (5.1, True)])
def test_a_token_is_renewed_five_minutes_before_its_end(minutes, is_fresh):
    token = Token(Secret("token"), NOW)
    assert token.is_fresh(NOW - timedelta(minutes=minutes)) == is_fresh
