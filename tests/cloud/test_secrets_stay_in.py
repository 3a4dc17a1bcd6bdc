"""No secret leaves in a repr, a text, a log line, a pickle, a traceback or the evidence of a call."""

import io
import json
import logging
import pickle
import traceback
from datetime import UTC, datetime

import pytest

from backups.cloud import AccessKeyAuth, CloudError, MemoryKeeper, Token, TokenAuth
from backups.secrecy.secret import Secret
from tests.cloud.conftest import ACCESS_KEY, INSTANCE_ID, PROJECT_ID, SECRET_KEY
from tests.cloud.iam import Iam
from tests.cloud.raw_server import reply, reset

PASSWORD = 'pw"canary\\ü8Rk2'
CANARIES = (ACCESS_KEY, SECRET_KEY, PASSWORD, "MIItoken", "TEMPORARYCANARYTOKEN")


def echoing(status):
    """Plays a reply that holds everything the client sent, in its headers and in its body."""

    def play(sock, received):
        sent = {**received.headers, "body": received.body.decode(), "ak": ACCESS_KEY, "sk": SECRET_KEY}
        words = f"you sent {sent}"
        body = {"error_code": "DBS.200001", "error_msg": words, "request_id": ACCESS_KEY}
        sock.sendall(reply(status, body, X_Request_Id=SECRET_KEY))

    return play


def broken_headers(sock, received):
    token = received.headers.get("X-Auth-Token", "") + received.headers.get("Authorization", "")
    sock.sendall(f"HTTP/1.1 200 OK\r\nX-Subject-Token {token}\r\n\r\n".encode())
    sock.shutdown(2)


def broken_status(sock, received):
    sock.sendall(f"{received.headers['Authorization']}\r\n\r\n".encode())
    sock.shutdown(2)


def shown(error):
    """All that a handler, a debug page or a queue could make of an error, locals included."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    chained = [error.__cause__, error.__context__]
    parts = [repr(error), str(error), f"{error}", *told.format(), repr(vars(error)), repr(chained)]
    return "".join(parts) + repr(pickle.dumps(error))


@pytest.fixture
def logged():
    """Everything that is logged, from the lowest level up."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "play",
    [
        echoing(200), echoing(400), echoing(401), echoing(403), echoing(409), echoing(500),
        broken_headers, broken_status, lambda sock, _: reset(sock),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["key", "temporary key"])
def test_an_error_shows_no_key(serve, create_on, key_auth, logged, play, kind):
    temporary = AccessKeyAuth(Secret(ACCESS_KEY), Secret(SECRET_KEY), Secret("TEMPORARYCANARYTOKEN"))
    with pytest.raises(CloudError) as raised:
        create_on(serve(play), auth=key_auth if kind == "key" else temporary)
    text = shown(raised.value) + logged.getvalue()
    assert not [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("refuses", [None, reply(401), reply(500), b"garbage\r\n\r\n"])
def test_an_error_shows_no_password_and_no_token(serve, client_of, logged, refuses):
    iam = Iam(accepts=False, refuses=refuses)
    server = serve(iam)
    auth = TokenAuth(server.origin, "d", "u", Secret(PASSWORD), PROJECT_ID)
    with pytest.raises(CloudError) as raised:
        client_of(server, auth=auth, deadline_seconds=0.5).list_instances()
    text = shown(raised.value) + logged.getvalue()
    assert not [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("status", [201, 401, 500])
def test_a_sign_in_service_that_repeats_the_password_is_not_quoted(serve, create_on, status):
    def play(sock, received):
        user = received.json()["auth"]["identity"]["password"]["user"]
        sock.sendall(reply(status, {"error": {"message": f"no: {user['password']}", "user": user}}))

    server = serve(play)
    auth = TokenAuth(server.origin, "d", "u", Secret(PASSWORD), PROJECT_ID)
    with pytest.raises(CloudError) as raised:
        create_on(server, auth=auth)
    assert raised.value.exchange
    excerpt = raised.value.exchange.reply_excerpt
    assert excerpt.count("[hidden]") == 2
    for form in (PASSWORD, json.dumps(PASSWORD)[1:-1]):
        assert form not in shown(raised.value) + excerpt


def test_a_success_that_echoes_them_shows_them_in_no_evidence(serve, client_of):
    def play(sock, received):
        echo = received.headers["Authorization"] + ACCESS_KEY + SECRET_KEY
        sock.sendall(reply(200, {"backup": {"id": "b-1", "description": echo}}, X_Request_Id=echo))

    record = client_of(serve(play)).create_backup(instance_id=INSTANCE_ID, name="backup-1")
    text = repr(record) + repr(record.exchange)
    assert "Signature=[hidden]" in repr(record.exchange)
    assert not [canary for canary in CANARIES if canary in repr(record.exchange)]
    assert text


def test_who_signs_in_shows_nothing(client_of, key_auth):
    keeper = MemoryKeeper()
    token = Token(Secret("MIItoken"), datetime(2026, 1, 1, tzinfo=UTC))
    keeper.store(token)
    user = TokenAuth("https://iam.example", "d", "u", Secret(PASSWORD), keeper=keeper)
    for thing in (key_auth, user, token, keeper, client_of()):
        assert not [canary for canary in CANARIES if canary in f"{thing} {thing!r}"]
    for thing in (key_auth, user, token, client_of()):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
