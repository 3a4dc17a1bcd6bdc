"""Replies that are too much, not asked for, or lead elsewhere (faults.md, rows 14, 15 and 19)."""

import gzip
import tracemalloc

import pytest

from backups.cloud import CloudAmbiguous, CloudRefused
from tests.cloud.conftest import INSTANCE_ID
from tests.cloud.raw_server import always, reply, reset

GOOD = b'{"backup": {"id": "b-1"}}'
CAP = 1024 * 1024


def padded(size):
    return GOOD[:-1] + b" " * (size - len(GOOD)) + b"}"


def pour(head, *, chunked=False):
    """Plays 200 MB after `head`, or as much as the client takes."""
    block = b" " * 65536
    piece = b"10000\r\n" + block + b"\r\n" if chunked else block

    def play(sock, received):
        sock.sendall(head)
        for _ in range(200 * 16):
            sock.sendall(piece)

    return play


def test_a_body_of_exactly_the_cap_is_read(serve, create_on):
    assert create_on(serve(always(200, padded(CAP)))).id == "b-1"


def test_a_body_over_the_cap_is_ambiguous(serve, create_on):
    with pytest.raises(CloudAmbiguous, match="1 MiB"):
        create_on(serve(always(200, padded(CAP + 1))))


@pytest.mark.parametrize(
    "play",
    [
        pour(b"HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n"),
        pour(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        pour(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunked=True),
    ],
    ids=["announced", "unannounced", "chunked"],
)
def test_two_hundred_megabytes_take_little_memory(serve, create_on, play):
    server = serve(play)
    tracemalloc.start()
    with pytest.raises(CloudAmbiguous, match="1 MiB"):
        create_on(server)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * CAP


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP"])
def test_a_compressed_body_is_not_unpacked(serve, create_on, encoding):
    bomb = gzip.compress(b" " * (50 * CAP))
    with pytest.raises(CloudAmbiguous, match="compressed"):
        create_on(serve(always(200, bomb, Content_Encoding=encoding)))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/latest/meta-data", "/elsewhere", "//evil.example"]
)
def test_a_redirect_is_refused_and_never_followed(serve, create_on, status, location):
    server = serve(always(status, b"", Location=location))
    with pytest.raises(CloudRefused) as refused:
        create_on(server)
    assert refused.value.http_status == status
    assert refused.value.field == "endpoint"
    assert len(server.requests) == 1


def test_a_redirected_list_is_not_followed_either(serve, client_of):
    elsewhere = serve(always(200, {"instances": [], "total_count": 0}))
    server = serve(always(302, b"", Location=f"{elsewhere.origin}/v3/instances"))
    with pytest.raises(CloudRefused):
        client_of(server).list_instances()
    assert elsewhere.connections == 0


LOST = {
    "reset before a reply": lambda sock, _: reset(sock),
    "closed without a reply": lambda sock, _: sock.shutdown(2),
    "reset within the headers": lambda sock, _: (
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-"),
        reset(sock),
    ),
    "closed within the body": lambda sock, _: (
        sock.sendall(reply(200, GOOD)[:-5]),
        sock.shutdown(2),
    ),
    "closed before the announced end": lambda sock, _: (
        sock.sendall(reply(200, GOOD + b"    ")[:-4]),
        sock.shutdown(2),
    ),
    "closed within a chunk": lambda sock, _: (
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + GOOD),
        sock.shutdown(2),
    ),
    "no HTTP at all": lambda sock, _: (sock.sendall(b"SSH-2.0-OpenSSH_9\r\n"), sock.shutdown(2)),
    "a chunk of no size": lambda sock, _: (
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
        sock.shutdown(2),
    ),
    "a header of a megabyte": lambda sock, _: (
        sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * CAP),
        sock.shutdown(2),
    ),
    "500": always(500, {"error_code": "DBS.200005", "error_msg": "x"}),
    "502 page": always(502, b"<html><title>502 Bad Gateway</title></html>"),
    "503": always(503),
    "504": always(504, {"error_code": "APIGW.0601", "error_msg": "timeout"}),
}


@pytest.mark.parametrize("play", LOST.values(), ids=LOST)
def test_what_leaves_the_fate_of_the_call_open_is_ambiguous_and_sent_once(serve, client_of, play):
    server = serve(play)
    with pytest.raises(CloudAmbiguous) as unclear:
        client_of(server).create_backup(instance_id=INSTANCE_ID, name="backup-1")
    assert unclear.value.at_step == "create_backup"
    assert unclear.value.exchange is not None
    assert len(server.requests) == 1
