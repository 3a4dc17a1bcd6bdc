"""What is repeated, how often, and where the token goes."""

import time

import pytest

from tests.cli.conftest import TOKEN
from tests.cli.told import CREATE, ID, backup, made, page, problem, told
from tests.cloud.raw_server import reply, reset


@pytest.fixture
def resetting(serve_raw):
    """A server that resets the first connections, then answers in turn."""

    def serve(count, *replies):
        left = [None] * count + list(replies)

        def play(sock, _received):
            answer = left.pop(0) if len(left) > 1 else left[0]
            if answer is None:
                reset(sock)
            else:
                sock.sendall(answer)

        return serve_raw(play)

    return serve


def keys(server):
    return [each.headers.get("Idempotency-Key") for each in server.requests]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_request_is_sent_again_with_the_same_key(run, scripted, status):
    server = scripted(reply(status, b"<html>"), made())
    result = run(server, *CREATE)
    assert result.exit_code == 0
    assert len(keys(server)) == 2
    assert len(set(keys(server))) == 1
    assert f"Safepoint is away ({status}); trying again in 1 s." in result.stderr


def test_a_lost_connection_is_no_second_backup(run, resetting):
    server = resetting(2, made())
    assert run(server, *CREATE, "--key", "release-42").exit_code == 0
    assert keys(server) == ["release-42"] * 3


def test_each_call_has_a_key_of_its_own(run, scripted):
    server = scripted(made())
    run(server, *CREATE), run(server, *CREATE)
    assert len(set(keys(server))) == 2


def test_an_unclear_end_names_the_key_that_makes_asking_again_safe(run, scripted):
    result = run(scripted(problem(500, "Something broke.")), *CREATE, "--key", "release-42")
    assert result.exit_code == 1
    assert "Ask again with --key release-42" in result.stderr


@pytest.mark.parametrize("first", [reply(503, b""), None], ids=["away", "reset"])
def test_a_decision_is_never_repeated_by_itself(run, resetting, first):
    server = resetting(0, backup("AWAITING_APPROVAL"), first, backup("QUEUED"))
    assert run(server, "approve", ID, "--yes").exit_code == 1
    assert [each.method for each in server.requests] == ["GET", "POST"]


def test_reading_is_repeated(run, resetting):
    server = resetting(1, reply(502, b""), page(told()))
    assert run(server, "list").exit_code == 0
    assert len(server.requests) == 3


def test_waiting_goes_on_while_the_site_restarts(run, resetting):
    server = resetting(0, made(), None, None, reply(503, b""), backup("BUILDING"), backup("COMPLETED"))
    result = run(server, *CREATE, "--wait")
    assert result.exit_code == 0
    assert "Safepoint does not answer; trying again" in result.stderr
    assert [each.method for each in server.requests] == ["POST"] + ["GET"] * 5


def test_an_outage_longer_than_the_timeout_fails(run, resetting):
    result = run(resetting(0, made(), None), *CREATE, "--wait", "--timeout", "2")
    assert result.exit_code == 1
    assert "does not answer" in result.stderr


def test_retry_after_is_kept_to(run, scripted):
    server = scripted(problem(429, Retry_After="2"), made())
    began = time.monotonic()
    assert run(server, *CREATE).exit_code == 0
    assert time.monotonic() - began >= 2
    assert len(set(keys(server))) == 1


def test_a_pause_longer_than_the_timeout_is_not_begun(run, scripted):
    server = scripted(problem(429, "Too many.", Retry_After="600"))
    began = time.monotonic()
    result = run(server, *CREATE, "--timeout", "5")
    assert (result.exit_code, result.stderr) == (1, "Error: Too many. (429)\n")
    assert time.monotonic() - began < 4
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays_here(run, scripted, status):
    elsewhere = scripted(backup())
    server = scripted(reply(status, b"", Location=f"{elsewhere.origin}/api/v1/backups/{ID}/"))
    result = run(server, "show", ID)
    assert result.exit_code == 1
    assert elsewhere.origin in result.stderr
    assert not elsewhere.requests


def test_the_next_page_is_asked_for_here_whatever_host_its_address_names(run, scripted):
    elsewhere = scripted(page())
    following = f"{elsewhere.origin}/api/v1/backups/?cursor=abc%3D&status=QUEUED&status=BUILDING"
    server = scripted(page(told(), following=following), page(told()))
    assert run(server, "list", "--all", "--json").exit_code == 0
    assert not elsewhere.requests
    assert server.requests[1].target == "/api/v1/backups/?cursor=abc%3D&status=QUEUED&status=BUILDING"
    assert {each.headers["Authorization"] for each in server.requests} == {f"Bearer {TOKEN}"}


def test_an_answer_that_is_not_safepoints_is_told_as_such(run, scripted):
    result = run(scripted(reply(200, b"<html>Sign in</html>")), "me")
    assert result.exit_code == 1
    assert "is SAFEPOINT_URL right?" in result.stderr
