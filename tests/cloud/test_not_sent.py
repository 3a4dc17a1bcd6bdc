"""What never left this machine, or never reached the cloud (faults.md, rows 21 and 22)."""

import socket
import threading

import pytest

from backups.cloud import CertificateRefused, CloudNotSent, EndpointRefused, Guard
from tests.cloud.raw_server import NoHandshake, always

GOOD = b'{"backup": {"id": "b-1"}}'


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_refused_connection_was_not_sent(create_on):
    origin = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(CloudNotSent, match="refused") as not_sent:
        create_on(endpoint=origin, guard=Guard({origin}))
    assert not_sent.value.at_step == "connect"
    assert not not_sent.value.is_certificate_problem
    assert not_sent.value.http_status is None


def test_a_name_without_an_address_was_not_sent(create_on):
    def nowhere(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(CloudNotSent, match="does not resolve") as not_sent:
        create_on(
            guard=Guard(resolve=nowhere),
        )
    assert not_sent.value.at_step == "resolve"


@pytest.mark.parametrize("answer", [[], ["not an address"], ["fe80::1%nothing/"]])
def test_a_resolver_that_answers_nonsense_was_not_sent(create_on, answer):
    with pytest.raises(CloudNotSent):
        create_on(
            guard=Guard(resolve=lambda *_: answer),
        )


def test_a_good_certificate_is_accepted(serve, create_on, authority, trusting):
    server = serve(always(200, GOOD), tls=authority.server_settings())
    assert create_on(server, ssl_context=trusting).id == "b-1"


@pytest.mark.parametrize(
    "claims",
    [{"ends_in_days": -1}, {"is_self_signed": True}, {"host": "gaussdb.other.example"}],
    ids=["expired", "self-signed", "for another host"],
)
def test_a_bad_certificate_stops_before_anything_is_sent(serve, create_on, authority, trusting, claims):
    server = serve(always(200, GOOD), tls=authority.server_settings(**claims))
    with pytest.raises(CertificateRefused) as refused:
        create_on(server, ssl_context=trusting)
    assert refused.value.is_certificate_problem
    assert refused.value.at_step == "tls"
    assert server.requests == []


def test_the_certificate_must_name_the_host_and_not_the_address(serve, create_on, authority, trusting):
    server = serve(always(200, GOOD), tls=authority.server_settings("cloud.example"))
    named = {
        "endpoint": f"https://cloud.example:{server.port}",
        "guard": Guard({f"https://cloud.example:{server.port}"}, resolve=lambda *_: ["127.0.0.1"]),
    }
    assert create_on(server, ssl_context=trusting, **named).id == "b-1"
    assert server.requests[0].headers["Host"] == f"cloud.example:{server.port}"


def test_an_unknown_authority_is_not_trusted(serve, create_on, authority):
    server = serve(always(200, GOOD), tls=authority.server_settings())
    with pytest.raises(CertificateRefused):
        create_on(server)


def test_a_server_that_breaks_off_the_handshake_was_not_sent(serve, create_on, trusting):
    server = serve(always(200, GOOD), tls=NoHandshake())
    with pytest.raises(CloudNotSent) as not_sent:
        create_on(server, ssl_context=trusting)
    assert not not_sent.value.is_certificate_problem


def test_the_second_address_of_a_name_is_tried_when_the_first_refuses(serve, create_on):
    server = serve(always(200, GOOD))
    origin = f"http://cloud.example:{server.port}"
    guard = Guard({origin}, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert create_on(server, endpoint=origin, guard=guard).id == "b-1"


def test_an_endpoint_that_the_guard_refuses_was_not_sent(create_on):
    with pytest.raises(EndpointRefused) as refused:
        create_on(endpoint="https://evil.example", guard=Guard())
    assert refused.value.field == "endpoint"


def test_a_server_that_speaks_no_tls_gets_nothing(create_on, trusting):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=speak_plainly, args=[listener], daemon=True).start()
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(CloudNotSent) as not_sent:
            create_on(endpoint=origin, guard=Guard({origin}), ssl_context=trusting)
    assert not_sent.value.at_step == "tls"
    assert not not_sent.value.is_certificate_problem


def speak_plainly(listener):
    sock, _ = listener.accept()
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    sock.recv(4096)


@pytest.mark.parametrize("unknown", [{"api": "v2"}, {"language": "de-de"}])
def test_a_client_of_an_unknown_kind_is_a_mistake_of_the_program(client_of, unknown):
    with pytest.raises(ValueError, match="is one of"):
        client_of(**unknown)
