"""A resolver that changes its answer between check and connection gets no connection."""

import itertools

import pytest

from backups.cloud import CloudNotSent, EndpointRefused, Guard
from tests.cloud.raw_server import always

LIST = {"instances": [], "total_count": 0}
UNUSED = "192.88.99.77"


def changing(*answers):
    """A resolver that gives one answer after another, and how often it was asked."""
    asked = itertools.count()
    left = list(answers)

    def resolve(host, port):
        next(asked)
        return [left.pop(0) if len(left) > 1 else left[0]]

    return resolve, asked


def test_the_address_that_was_checked_is_the_one_connected_to(serve, client_of):
    server = serve(always(200, LIST))
    origin = f"http://cloud.example:{server.port}"
    resolve, asked = changing("127.0.0.1", "169.254.169.254")
    client = client_of(server, endpoint=origin, guard=Guard({origin}, resolve=resolve))
    assert client.list_instances() == []
    assert next(asked) == 1, "resolved exactly once"


def test_a_name_that_turns_inside_gets_no_second_connection(serve, client_of):
    server = serve(always(200, {"backup": {"id": "b-1"}}))
    origin = f"http://cloud.example:{server.port}"
    resolve, _ = changing("127.0.0.1", "169.254.169.254")
    client = client_of(server, endpoint=origin, guard=Guard({origin}, resolve=resolve))
    call = {"instance_id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "name": "backup-1"}
    client.create_backup(**call)
    with pytest.raises(EndpointRefused):
        client.create_backup(**call)
    assert server.connections == 1


def test_a_cloud_host_that_turns_to_this_machine_is_refused_each_time(serve, client_of):
    server = serve(always(200, LIST))
    guard = Guard(resolve=lambda *_: ["127.0.0.1"])
    client = client_of(guard=guard)
    for _ in range(5):
        with pytest.raises(EndpointRefused):
            client.list_instances()
    assert server.connections == 0


def test_a_mixed_answer_is_refused_as_a_whole(client_of):
    guard = Guard(resolve=lambda *_: [UNUSED, "127.0.0.1"])
    with pytest.raises(EndpointRefused):
        client_of(guard=guard).list_instances()


def test_a_proxy_in_the_environment_is_not_used(serve, client_of, monkeypatch):
    proxy, server = serve(always(200, LIST)), serve(always(200, LIST))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.origin)
    client_of(server).list_instances()
    assert proxy.connections == 0


def test_a_host_header_is_what_was_checked(serve, client_of):
    server = serve(always(200, LIST))
    client_of(server).list_instances()
    assert server.requests[0].headers["Host"] == f"127.0.0.1:{server.port}"


def test_a_name_without_addresses_is_not_sent(client_of):
    with pytest.raises(CloudNotSent):
        client_of(guard=Guard(resolve=lambda *_: [])).list_instances()
