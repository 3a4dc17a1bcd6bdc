"""How often a list that moves is read, what one entry is worth, and what else one call is held to."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from backups import cloud
from backups.cloud.errors import CloudError
from backups.cloud.listing import IncompleteListError, Page, read_all
from backups.cloud.records import BackupRecord
from backups.secrecy.secret import Secret
from tests.cloud.conftest import PROJECT_ID
from tests.cloud.iam import Iam
from tests.cloud.raw_server import always, reply


def moving(times: int) -> Callable[[int], Page]:
    """A list whose total changes between the first pages, so often."""
    left = [times]

    def fetch(offset: int) -> Page:
        if offset == 0:
            left[0] -= 1
            return Page({"a": {"id": "a"}}, 1, 2)
        return Page({"b": {"id": "b"}}, 1, 3 if left[0] >= 0 else 2)

    return fetch


def test_a_list_is_read_three_times_before_it_is_given_up():
    assert len(read_all(moving(2))) == 2
    with pytest.raises(IncompleteListError, match="moving"):
        read_all(moving(3))


@pytest.mark.parametrize(("pages", "is_whole"), [(1001, True), (1002, False)])
def test_a_list_without_a_total_ends_within_a_thousand_pages(pages, is_whole):
    def fetch(offset: int) -> Page:
        number = offset // 100
        count = 100 if number < pages - 1 else 0
        return Page({f"{offset}-{each}": {} for each in range(min(count, 1))}, count, None)

    if is_whole:
        assert len(read_all(fetch)) == pages - 1
    else:
        with pytest.raises(IncompleteListError, match="no end"):
            read_all(fetch)


def listed(serve: Any, client_of: Any, **more: Any) -> BackupRecord:
    entry = {"id": "b-1", "name": "nightly", "status": "COMPLETED", "instance_id": "i-1", **more}
    server = serve(always(200, {"backups": [entry], "total_count": 1}))
    [record] = client_of(server).list_backups()
    assert isinstance(record, BackupRecord)
    return record


def test_records_are_compared_by_what_they_say_and_show_nothing_raw(serve, client_of):
    first, second = (listed(serve, client_of, extra=value) for value in ("CANARYONE", "CANARYTWO"))
    assert first == second
    assert first.raw != second.raw
    assert "CANARY" not in repr(first)


def test_what_is_made_and_what_is_found_compare_without_their_evidence(serve, create_on, client_of):
    made = [create_on(serve(always(200, {"backup": {"id": "b-1", "extra": each}}))) for each in "ab"]
    assert made[0] == made[1]
    assert made[0].exchange != made[1].exchange
    assert "exchange" not in repr(made[0])
    found = []
    for each in "ab":
        told = {"instances": [{"id": "i-1", "name": "orders", "extra": each}], "total_count": 1}
        found += client_of(serve(always(200, told))).list_instances()
    assert found[0] == found[1]
    assert "extra" not in repr(found[0])


def test_a_test_of_the_lists_reads_the_first_entry_of_each(serve, client_of):
    server = serve(always(200, {"instances": [], "backups": [], "total_count": 0}))
    client_of(server).try_lists()
    assert [(call.query["offset"], call.query["limit"]) for call in server.requests] == [("0", "1")] * 2


@pytest.mark.parametrize(
    ("status", "is_credential"),
    [(399, False), (400, True), (401, True), (402, False), (403, True), (404, False)],
)
def test_which_answers_of_the_sign_in_blame_the_credential(serve, client_of, status, is_credential):
    server = serve(Iam(refuses=reply(status, {"error": {"message": "no"}})))
    auth = cloud.TokenAuth(server.origin, "payments", "safepoint", Secret("pw"), PROJECT_ID)
    with pytest.raises(CloudError) as failed:
        client_of(server, auth=auth).list_instances()
    assert ("IAM endpoint" not in failed.value.remedy) == is_credential


@pytest.mark.parametrize(("status", "is_asked_again"), [(403, True), (404, True), (405, False)])
def test_who_may_not_list_all_projects_lists_his_own(serve, client_of, status, is_asked_again):
    server = serve(
        lambda sock, received: sock.sendall(
            reply(status, {"error": {"message": "no"}})
            if received.path == "/v3/projects"
            else reply(200, {"projects": [{"id": PROJECT_ID, "name": "cn-north-4"}]})
        )
    )
    client = client_of(server)
    if is_asked_again:
        assert client.find_project_id(server.origin, "cn-north-4") == PROJECT_ID
    else:
        with pytest.raises(CloudError):
            client.find_project_id(server.origin, "cn-north-4")


def test_an_exchange_keeps_4096_characters_and_the_milliseconds_that_it_took(serve, create_on):
    def play(sock: Any, _received: Any) -> None:
        time.sleep(0.2)
        sock.sendall(reply(400, b"x" * 5000))

    with pytest.raises(CloudError) as refused:
        create_on(serve(play))
    exchange = refused.value.exchange
    assert exchange
    assert len(exchange.reply_excerpt) == 4096
    assert 200 <= exchange.took_ms < 5000


def test_an_error_is_known_by_what_it_says():
    assert CloudError("the detail").args == ("the detail",)
    assert cloud.EndpointRefused("x").is_our_own
    assert cloud.NotOurTurn("x").is_our_own


def test_a_key_that_cannot_be_one_is_refused_at_the_sign_in(client_of):
    with pytest.raises(cloud.CredentialFailed):
        client_of(auth=cloud.AccessKeyAuth(Secret("with a space"), Secret("secret\n"))).sign_in()


@pytest.mark.parametrize(
    ("address", "is_let_through"),
    [("64:ff9b::808:808", True), ("64:ff9b::7f00:1", False), ("no address", False)],
)
def test_what_a_name_leads_to_is_read_to_the_last_four_bytes(address, is_let_through):
    guard = cloud.Guard(resolve=lambda _host, _port: [address])
    host = "https://gaussdb.cn-north-4.myhuaweicloud.com"
    if is_let_through:
        assert guard.check(host).address == address
    else:
        with pytest.raises(cloud.CloudNotSent):
            guard.check(host)
