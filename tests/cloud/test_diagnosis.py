"""Testing a connection says which step failed, and spends a key at most once."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from backups.cloud import Guard, TokenAuth, diagnose
from backups.secrecy.secret import Secret
from tests.cloud.conftest import PROJECT_ID
from tests.cloud.iam import Iam
from tests.cloud.raw_server import reply

KEYS = ["resolve", "tls", "clock", "sign_in", "list"]


def cloud(*, listing=None, minutes_off=0):
    """Plays a cloud that refuses what is not signed and answers lists with `listing`."""

    def play(sock, received):
        date = format_datetime(datetime.now(UTC) - timedelta(minutes=minutes_off), usegmt=True)
        name = received.path.rpartition("/")[2]
        if "Authorization" not in received.headers:
            sock.sendall(reply(401, {"error_code": "APIGW.0301"}, Date=date))
        else:
            sock.sendall(listing or reply(200, {name: [], "total_count": 0}))

    return play


def results(client):
    steps = diagnose(client)
    assert [step.key for step in steps] == KEYS
    assert all(step.title for step in steps)
    return [step.is_ok for step in steps], next((step for step in steps if step.is_ok is False), None)


def test_a_good_connection_passes_every_step(serve, client_of):
    server = serve(cloud())
    assert results(client_of(server)) == ([True] * 5, None)
    assert {request.path.rpartition("/")[2] for request in server.requests} == {
        "instances",
        "backups",
    }


def test_an_endpoint_that_is_not_allowed_stops_at_the_first_step(client_of):
    oks, failed = results(client_of(endpoint="https://evil.example", guard=Guard()))
    assert oks == [False, None, None, None, None]
    assert "CLOUD_ENDPOINTS" in failed.remedy


def test_a_bad_certificate_stops_at_the_second(serve, client_of, authority, trusting):
    server = serve(cloud(), tls=authority.server_settings(ends_in_days=-1))
    oks, failed = results(client_of(server, ssl_context=trusting))
    assert oks == [True, False, None, None, None]
    assert "certificate" in failed.detail
    assert server.requests == []


@pytest.mark.parametrize("minutes_off", [-20, 20])
def test_a_skewed_clock_stops_before_the_key_is_used(serve, client_of, minutes_off):
    server = serve(cloud(minutes_off=minutes_off))
    oks, failed = results(client_of(server))
    assert oks == [True, True, False, None, None]
    assert "clock" in failed.remedy
    assert all("Authorization" not in request.headers for request in server.requests)


def test_a_wrong_key_is_told_at_the_sign_in_and_tried_once(serve, client_of):
    refusal = reply(401, {"error_code": "APIGW.0301", "error_msg": "verify aksk signature fail"})
    server = serve(cloud(listing=refusal))
    oks, failed = results(client_of(server))
    assert oks == [True, True, True, False, None]
    assert failed.detail == "APIGW.0301 verify aksk signature fail"
    assert "secret key" in failed.remedy
    assert len([True for request in server.requests if "Authorization" in request.headers]) == 1


def test_missing_rights_are_told_at_the_last_step(serve, client_of):
    server = serve(cloud(listing=reply(403, {"error_code": "APIGW.0303", "error_msg": "no"})))
    oks, failed = results(client_of(server))
    assert oks == [True, True, True, True, False]
    assert "rights" in failed.remedy


def test_a_wrong_path_generation_is_told_at_the_last_step(serve, client_of):
    server = serve(cloud(listing=reply(404, {"error_code": "APIGW.0101", "error_msg": "no API"})))
    oks, failed = results(client_of(server))
    assert oks == [True, True, True, True, False]
    assert "mysql/v3" in failed.remedy


def test_a_wrong_password_is_told_at_the_sign_in(serve, client_of):
    iam = Iam(refuses=reply(401, {"error": {"code": 401, "message": "no"}}))
    server = serve(iam)
    auth = TokenAuth(server.origin, "d", "u", Secret("pw-canary"), PROJECT_ID)
    oks, failed = results(client_of(server, auth=auth))
    assert oks == [True, True, True, False, None]
    assert "password" in failed.remedy


def test_a_kept_token_does_not_hide_a_wrong_password(serve, client_of):
    iam = Iam()
    server = serve(iam)
    auth = TokenAuth(server.origin, "d", "u", Secret("pw-canary"), PROJECT_ID)
    client = client_of(server, auth=auth)
    client.list_instances()
    iam.refuses = reply(401)
    assert results(client)[0] == [True, True, True, False, None]


def test_a_malformed_project_id_is_told(serve, client_of):
    oks, failed = results(client_of(serve(cloud()), project_id="x"))
    assert oks == [True, True, False, None, None]
    assert "project ID" in failed.detail
