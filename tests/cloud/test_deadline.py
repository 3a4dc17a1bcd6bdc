"""The deadline holds over the whole call, whatever trickles (faults.md, rows 20 and 21)."""

import socket
import threading
import time

import pytest

from backups.cloud import CloudAmbiguous, CloudLater, CloudNotSent, Guard
from tests.cloud.conftest import INSTANCE_ID
from tests.cloud.raw_server import reply

DEADLINE = 0.4
MARGIN = 5.0
STEP = 0.03


def trickling(content):
    """Plays `content` one byte at a time, for a minute; no single read waits long."""

    def play(sock, received):
        for byte in content:
            sock.sendall(bytes([byte]))
            time.sleep(STEP)

    return play


def endless(head, piece, *, pause=0.0):
    """Plays `head`, then `piece` for ever."""

    def play(sock, received):
        sock.sendall(head)
        while True:
            sock.sendall(piece)
            time.sleep(pause)

    return play


SLOW = {
    "silence": lambda sock, _: sock.recv(1),
    "a status line that trickles": trickling(b"HTTP/1.1 200 " + b"O" * 2000),
    "headers that trickle": trickling(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 2000),
    "headers that never end": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", pause=STEP),
    "interim replies that never end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body that trickles": trickling(reply(200, b'{"backup": ' + b" " * 2000)),
    "chunks that trickle": endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", pause=STEP
    ),
    "trailers that never end": endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: 1\r\n", pause=STEP
    ),
}


@pytest.mark.parametrize("play", SLOW.values(), ids=SLOW)
def test_a_slow_reply_is_cut_at_the_deadline_and_ambiguous(serve, create_on, play):
    began = time.monotonic()
    with pytest.raises(CloudAmbiguous):
        create_on(serve(play), deadline_seconds=DEADLINE)
    assert time.monotonic() - began < DEADLINE + MARGIN


@pytest.mark.parametrize("play", SLOW.values(), ids=SLOW)
def test_it_is_cut_over_tls_too(serve, create_on, authority, trusting, play):
    server = serve(play, tls=authority.server_settings())
    began = time.monotonic()
    with pytest.raises(CloudAmbiguous):
        create_on(server, deadline_seconds=DEADLINE, ssl_context=trusting)
    assert time.monotonic() - began < DEADLINE + MARGIN


def test_a_refusal_whose_body_trickles_is_still_a_refusal(serve, create_on):
    play = endless(b"HTTP/1.1 429 Slow\r\nConnection: close\r\n\r\n", b" ", pause=STEP)
    with pytest.raises(CloudLater):
        create_on(serve(play), deadline_seconds=DEADLINE)


def test_a_handshake_that_never_comes_was_not_sent(create_on, trusting):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(CloudNotSent):
            create_on(
                endpoint=origin,
                guard=Guard({origin}),
                ssl_context=trusting,
                deadline_seconds=DEADLINE,
            )
        assert time.monotonic() - began < DEADLINE + MARGIN


def test_a_resolver_that_hangs_was_not_sent(client_of):
    release = threading.Event()
    guard = Guard(resolve=lambda *_: (release.wait(20), ["8.8.8.8"])[1])
    client = client_of(
        guard=guard,
        deadline_seconds=DEADLINE,
    )
    began = time.monotonic()
    with pytest.raises(CloudNotSent) as not_sent:
        client.create_backup(instance_id=INSTANCE_ID, name="backup-1")
    release.set()
    assert not_sent.value.at_step == "resolve"
    assert time.monotonic() - began < DEADLINE + MARGIN
