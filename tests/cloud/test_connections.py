"""Reads share connections; the create call never does (faults.md, rule 8)."""

import threading

import pytest

from backups.cloud import CloudAmbiguous, CloudError
from tests.cloud.conftest import INSTANCE_ID
from tests.cloud.raw_server import always, in_turn, reply

LIST = {"instances": [], "total_count": 0}


def answering(sock, received):
    body = LIST if received.method == "GET" else {"backup": {"id": "b-1"}}
    sock.sendall(reply(200, body))


def test_reads_reuse_one_connection(serve, client_of):
    server = serve(answering)
    client = client_of(server)
    for _ in range(10):
        client.list_instances()
    assert server.connections == 1


def test_reads_over_tls_reuse_one_connection_too(serve, client_of, authority, trusting):
    server = serve(answering, tls=authority.server_settings())
    client = client_of(server, ssl_context=trusting)
    for _ in range(5):
        client.list_instances()
    assert server.connections == 1


def test_every_change_gets_a_connection_of_its_own(serve, client_of):
    server = serve(answering)
    client = client_of(server)
    client.list_instances()
    for _ in range(3):
        client.create_backup(instance_id=INSTANCE_ID, name="backup-1")
    client.delete_backup("b-1")
    client.list_instances()
    used = [request.connection for request in server.requests]
    assert used == [1, 2, 3, 4, 5, 1]


def test_a_kept_connection_that_the_server_closed_is_not_used(serve, client_of):
    def once(sock, received):
        sock.sendall(reply(200, LIST))
        sock.shutdown(2)

    server = serve(once)
    client = client_of(server)
    for _ in range(5):
        client.list_instances()
        server.ended.acquire(timeout=5)
    assert server.connections == 5


def test_a_kept_connection_on_which_something_came_unasked_is_not_used(serve, client_of):
    extra = reply(200, LIST) + reply(200, {"instances": [{"id": "forged"}], "total_count": 1})
    server = serve(lambda sock, _: sock.sendall(extra))
    client = client_of(server)
    assert client.list_instances() == []
    assert client.list_instances() == []


@pytest.mark.parametrize("first", [reply(500), reply(404), reply(200, b"{}")])
def test_a_whole_reply_keeps_the_connection_whatever_it_says(serve, client_of, first):
    server = serve(in_turn(first, reply(200, LIST)))
    client = client_of(server)
    with pytest.raises(CloudError):
        client.list_instances()
    assert client.list_instances() == []
    assert server.connections == 1


def test_a_flawed_reply_ends_the_connection(serve, client_of):
    server = serve(in_turn(reply(200, LIST, Content_Encoding="gzip"), reply(200, LIST)))
    client = client_of(server)
    with pytest.raises(CloudAmbiguous):
        client.list_instances()
    client.list_instances()
    assert server.connections == 2


def test_a_server_that_says_close_is_believed(serve, client_of):
    server = serve(always(200, LIST, Connection="close"))
    client = client_of(server)
    client.list_instances()
    client.list_instances()
    assert server.connections == 2


def test_many_threads_share_a_client(serve, client_of):
    server = serve(answering)
    client = client_of(server)
    results: list[object] = []

    def read():
        results.extend(client.list_instances() for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[]] * 160
    assert server.connections <= 8 + 8
