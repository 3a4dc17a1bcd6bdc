"""Signatures are judged for real."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from tests.simulator.caller import Caller

QUARTER = 15 * 60


def test_every_reply_has_a_date_and_a_request_id(caller):
    for answer in (caller.call("GET", "instances"), caller.send("GET", "/nowhere")):
        assert answer.headers["Date"].endswith("GMT")
        assert len(answer.headers["X-Request-Id"]) == 32


def test_a_call_without_a_signature_is_refused(caller):
    answer = caller.send("GET", f"{caller.root}/instances")
    assert (answer.status, answer.code) == (401, "APIGW.0301")


@pytest.mark.parametrize(("skew", "status"), [(-QUARTER - 5, 401), (QUARTER + 5, 401), (-QUARTER + 60, 200)])
def test_a_clock_more_than_a_quarter_off_is_refused(caller, skew, status):
    answer = caller.call("GET", "instances", skew_seconds=skew)
    assert answer.status == status
    if status == 401:
        assert answer.code == "APIGW.0301"


def test_a_cloud_whose_clock_is_wrong_refuses_good_callers_and_shows_its_time(caller, simulator):
    simulator.set_clock_offset(-1200)
    refused = caller.call("GET", "instances")
    assert refused.code == "APIGW.0301"
    shown = parsedate_to_datetime(refused.headers["Date"])
    assert 1190 < (datetime.now(UTC) - shown).total_seconds() < 1260


@pytest.mark.parametrize("changed", ["body", "query", "header", "method"])
def test_what_was_changed_after_signing_is_refused(caller, orders, made, changed):
    target = f"{caller.root}/backups/create"
    body = b'{"instance_id": "%s", "name": "before"}' % orders.encode()
    headers = caller.signed("GET" if changed == "method" else "POST", target, body)
    if changed == "body":
        body = body.replace(b"before", b"behind")
    if changed == "header":
        headers["Content-Type"] = "application/json;charset=UTF-8"
    answer = caller.send("POST", target + ("?x=1" if changed == "query" else ""), body, headers)
    assert (answer.status, answer.code) == (401, "APIGW.0301")
    assert made() == []


def test_queries_are_signed_in_their_encoded_form(caller):
    period = "begin_time=2026-01-01T00%3A00%3A00%2B0800&end_time=2036-01-01T00%3A00%3A00%2B0800"
    assert caller.call("GET", f"backups?{period}&limit=1").json()["total_count"] > 0


def test_an_unknown_key_is_refused_as_such(caller):
    answer = caller.call("GET", "instances", access_key="NOSUCHKEY")
    assert (answer.status, answer.code) == (401, "APIGW.0301")
    assert "Get secretKey failed" in answer.json()["error_msg"]


def test_the_fifth_failure_locks_the_key_for_five_minutes(caller, simulator):
    for _ in range(5):
        message = caller.call("GET", "instances", secret_key="wrong").json()["error_msg"]
        assert "verify aksk signature fail" in message
    locked = caller.call("GET", "instances")
    assert (locked.status, locked.code) == (401, "APIGW.0301")
    assert "AK access failed to reach the limit" in locked.json()["error_msg"]
    simulator.advance(290)
    assert caller.call("GET", "instances").status == 401
    simulator.advance(11)
    assert caller.call("GET", "instances").status == 200


def test_a_success_starts_the_count_of_failures_anew(caller):
    for _ in range(3):
        for _ in range(4):
            caller.call("GET", "instances", secret_key="wrong")
        assert caller.call("GET", "instances").status == 200


def test_a_locked_key_leaves_other_keys_alone(caller, simulator):
    for _ in range(5):
        caller.call("GET", "instances", secret_key="wrong")
    other = Caller(simulator.endpoint, simulator.projects[1])
    assert other.call("GET", "instances").status == 200


def test_a_temporary_key_needs_its_security_token_until_that_ends(caller, simulator):
    key = simulator.control("keys", {"project_id": caller.project["project_id"], "seconds": 600})
    token = {"X-Security-Token": key.pop("security_token")}
    assert caller.call("GET", "instances", **key).status == 401
    assert caller.call("GET", "instances", **key, extra={"X-Security-Token": "wrong"}).status == 401
    assert caller.call("GET", "instances", **key, extra=token).status == 200
    simulator.advance(601)
    assert caller.call("GET", "instances", **key, extra=token).status == 401
