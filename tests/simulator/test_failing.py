"""Replies that go wrong, before and after the cloud has done what was asked."""

import gzip
import http.client

import pytest

LOST = (http.client.RemoteDisconnected, ConnectionResetError)


@pytest.mark.parametrize("action", ["drop", "reset"])
@pytest.mark.parametrize(("at", "names"), [("received", []), ("applied", ["before-migration"])])
def test_a_connection_ends_without_a_reply(caller, simulator, orders, made, action, at, names):
    simulator.fault(operation="create_backup", at=at, action=action)
    with pytest.raises(LOST):
        caller.create(orders)
    assert made() == names
    (call,) = simulator.history("create_backup")
    assert (call["is_applied"], call["status"]) == (bool(names), None)


@pytest.mark.parametrize("action", ["half", "drop"])
def test_half_a_reply_comes_after_the_backup_is_made(caller, simulator, orders, made, action):
    simulator.fault(operation="create_backup", at="reply", action=action)
    with pytest.raises(http.client.IncompleteRead):
        caller.create(orders)
    assert made() == ["before-migration"]
    assert simulator.history("create_backup")[0]["outcome"] == "half"


def test_a_connection_is_reset_in_the_middle_of_a_reply(caller, simulator, orders, made):
    simulator.fault(operation="create_backup", at="reply", action="reset")
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        caller.create(orders)
    assert made() == ["before-migration"]


@pytest.mark.parametrize(("at", "names"), [("received", []), ("applied", ["before-migration"])])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_tells_nothing_about_the_backup(caller, simulator, orders, made, at, names, status):
    simulator.fault(operation="create_backup", at=at, action="status", status=status)
    answer = caller.create(orders)
    assert (answer.status, answer.code) == (status, "DBS.108000")
    assert made() == names


def test_a_throttled_call_says_when_to_come_back(caller, simulator, orders):
    told = {"status": 429, "code": "APIGW.0308", "message": "later", "headers": {"Retry-After": "7"}}
    simulator.fault(operation="create_backup", action="status", **told)
    answer = caller.create(orders)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "APIGW.0308", "7")
    assert caller.create(orders).status == 202


def test_a_limit_of_calls_per_second_is_kept_per_credential(caller, simulator):
    simulator.control("throttle", {"calls_per_second": 2})
    answers = [caller.call("GET", "instances?limit=1") for _ in range(12)]
    assert "APIGW.0308" in {answer.code for answer in answers if answer.status == 429}
    simulator.advance(1)
    assert caller.call("GET", "instances").status == 200


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "<html>", '{"backup": {}}', "\ufeff{}", '{"backup": "\\u0000"}']
)
def test_any_body_can_be_put_in_place_of_the_reply(caller, simulator, orders, made, body):
    simulator.fault(operation="create_backup", at="applied", action="body", body=body)
    answer = caller.create(orders)
    assert (answer.status, answer.body.decode()) == (200, body)
    assert made() == ["before-migration"]


def test_an_empty_list_can_be_told_by_mistake_on_the_second_page_only(caller, simulator):
    told = {"body": '{"backups": [], "total_count": 0}'}
    simulator.fault(operation="list_backups", match={"offset": 5}, action="body", **told)
    assert caller.call("GET", "backups?limit=5").json()["backups"]
    assert caller.call("GET", "backups?limit=5&offset=5").json()["backups"] == []
    assert caller.call("GET", "backups?limit=5&offset=5").json()["backups"]


def test_a_fault_can_spare_some_calls_and_strike_a_number_of_times(caller, simulator):
    simulator.fault(operation="list_instances", action="status", status=503, skip=1, times=2)
    assert [caller.call("GET", "instances").status for _ in range(4)] == [200, 503, 503, 200]
    simulator.fault(operation="list_instances", action="status", times=0)
    assert [caller.call("GET", "instances").status for _ in range(3)] == [500] * 3
    simulator.clear_faults()
    assert caller.call("GET", "instances").status == 200


def test_a_fault_can_strike_at_each_nth_call(caller, simulator):
    simulator.fault(operation="list_instances", action="status", status=503, times=0, every=3)
    assert [caller.call("GET", "instances").status for _ in range(7)] == [200, 200, 503, 200, 200, 503, 200]


def test_a_reply_can_come_byte_by_byte(caller, simulator, orders):
    simulator.fault(operation="create_backup", action="slow", part="head", seconds=0.001)
    assert caller.create(orders).json()["backup"]["name"] == "before-migration"


def test_headers_can_go_on_without_end(caller, simulator):
    simulator.fault(operation="list_instances", action="slow", is_endless=True, seconds=0.0001)
    with pytest.raises(http.client.HTTPException, match="more than 100 headers"):
        caller.call("GET", "instances")


def test_a_delay_only_delays(caller, simulator, orders):
    for at in ("received", "applied", "reply"):
        simulator.fault(operation="create_backup", at=at, action="delay", seconds=0.01)
    assert caller.create(orders).json()["backup"]["instance_id"] == orders


def test_a_body_can_be_huge_or_unpack_to_huge(caller, simulator):
    simulator.fault(operation="list_instances", action="big", bytes=3_000_000)
    assert len(caller.call("GET", "instances").body) == 3_000_000
    simulator.fault(operation="list_instances", action="big", bytes=3_000_000, is_gzip=True)
    packed = caller.call("GET", "instances")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < 10_000
    assert len(gzip.decompress(packed.body)) == 3_000_000
