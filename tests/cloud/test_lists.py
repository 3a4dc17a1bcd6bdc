"""Lists are read whole, all pages and all filters, or not at all (faults.md, row 24)."""

from datetime import UTC, datetime

import pytest

from backups.cloud import CloudAmbiguous, CloudError
from tests.cloud.conftest import INSTANCE_ID, PROJECT_ID
from tests.cloud.raw_server import always, in_turn, reply


def entries(first, last):
    return [{"id": f"b-{number}", "name": f"backup-{number}"} for number in range(first, last)]


def paging(ids, *, total=True):
    """Plays a list that is served in pages, as the query asks."""

    def play(sock, received):
        offset, limit = int(received.query["offset"]), int(received.query["limit"])
        body = {"backups": ids()[offset : offset + limit]}
        if total:
            body["total_count"] = len(ids())
        sock.sendall(reply(200, body))

    return play


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
@pytest.mark.parametrize("total", [True, False])
def test_all_pages_are_read(serve, client_of, count, total):
    server = serve(paging(lambda: entries(0, count), total=total))
    found = client_of(server).list_backups()
    assert [record.id for record in found] == [f"b-{number}" for number in range(count)]
    assert {request.query["limit"] for request in server.requests} == {"100"}


@pytest.mark.parametrize("api", ["mysql/v3", "v3"])
def test_every_filter_is_sent_as_the_contract_names_it(serve, client_of, api):
    server = serve(always(200, {"backups": [], "total_count": 0}))
    client_of(server, api=api).list_backups(
        instance_id=INSTANCE_ID,
        backup_id="b-1",
        backup_type="manual",
        begin_time=datetime(2020, 7, 7, 1, 17, 5, tzinfo=UTC),
        end_time=datetime(2020, 7, 8, 1, 17, 5, tzinfo=UTC),
    )
    [request] = server.requests
    assert request.path == f"/{api}/{PROJECT_ID}/backups"
    assert "begin_time=2020-07-07T01%3A17%3A05%2B0000" in request.target
    assert request.query == {
        "instance_id": INSTANCE_ID,
        "backup_id": "b-1",
        "backup_type": "manual",
        "begin_time": "2020-07-07T01:17:05+0000",
        "end_time": "2020-07-08T01:17:05+0000",
        "offset": "0",
        "limit": "100",
    }


def test_the_total_may_be_a_text(serve, client_of):
    body = {"backups": entries(0, 2), "total_count": "2"}
    assert len(client_of(serve(always(200, body))).list_backups()) == 2


def test_a_list_that_moves_once_is_read_again(serve, client_of):
    lists = [entries(0, 150), entries(0, 149)]
    server = serve(paging(lambda: lists.pop(0) if len(lists) > 1 else lists[0]))
    assert len(client_of(server).list_backups()) == 149


@pytest.mark.parametrize(
    "replies",
    [
        [{"backups": entries(0, 100), "total_count": 150}, {"backups": [], "total_count": 150}],
        [{"backups": entries(0, 100), "total_count": 150}, {"backups": entries(50, 100), "total_count": 150}],
        [{"backups": entries(0, 100), "total_count": 150}, {"backups": entries(100, 150), "total_count": 9}],
        [{"backups": [], "total_count": 3}],
        [{"backups": entries(0, 100)}],
        [{"backups": entries(0, 3), "total_count": 2}],
        [{}],
        [{"backups": None}],
        [{"backups": {"id": "b-1"}, "total_count": 1}],
        [{"backups": [{"id": "b-1"}, {"name": "x"}], "total_count": 2}],
        [{"backups": [None], "total_count": 1}],
    ],
)  # fmt: skip
def test_pages_that_do_not_add_up_are_never_a_list(serve, client_of, replies):
    server = serve(in_turn(*(reply(200, body) for body in replies * 3)))
    with pytest.raises(CloudAmbiguous) as partial:
        client_of(server).list_backups()
    assert partial.value.at_step == "list_backups"


@pytest.mark.parametrize("second", [reply(500), reply(429), reply(200, b"{"), reply(403), reply(302)])
def test_a_page_that_fails_half_way_fails_the_list(serve, client_of, second):
    first = reply(200, {"backups": entries(0, 100), "total_count": 150})
    with pytest.raises(CloudError):
        client_of(serve(in_turn(first, second))).list_backups()


def test_a_list_without_an_end_is_given_up(serve, client_of, monkeypatch):
    monkeypatch.setattr("backups.cloud.listing.PAGES_MAX", 5)

    def play(sock, received):
        offset = int(received.query["offset"])
        sock.sendall(reply(200, {"backups": entries(offset, offset + 100)}))

    with pytest.raises(CloudAmbiguous, match="no end"):
        client_of(serve(play)).list_backups()


def test_null_is_an_empty_list_only_where_the_total_says_so(serve, client_of):
    server = serve(always(200, {"backups": None, "total_count": 0}))
    assert client_of(server).list_backups() == []


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00+0000", "", 5, None])
def test_a_time_that_is_none_is_not_known(serve, client_of, moment):
    body = {"backups": [{"id": "b-1", "begin_time": moment, "end_time": "2026-11-23T14:10:00+0000"}]}
    [record] = client_of(serve(always(200, body))).list_backups()
    assert record.begin_time is None
    assert record.end_time == datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
