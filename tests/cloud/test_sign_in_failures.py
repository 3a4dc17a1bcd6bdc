"""A sign-in that fails proves that the call which needed it was not sent (faults.md, row 17)."""

import pytest

from backups.cloud import CloudLater, CloudNotSent, CredentialFailed, Guard, TokenAuth
from backups.secrecy.secret import Secret
from tests.cloud.conftest import PROJECT_ID
from tests.cloud.iam import Iam
from tests.cloud.raw_server import reply


@pytest.fixture
def create_with(serve, create_on):
    """Makes the create call with a sign-in service that answers so; gives that service."""

    def create(answer, **options):
        iam = Iam(refuses=answer)
        server = serve(iam)
        auth = TokenAuth(server.origin, "payments", "safepoint", Secret("pw-canary"), PROJECT_ID)
        try:
            create_on(server, auth=auth, **options)
        finally:
            assert iam.calls == []
            assert len(iam.sign_ins) <= 1

    return create


@pytest.mark.parametrize(
    "answer",
    [
        reply(401, {"error": {"code": 401, "message": "The request requires authentication."}}),
        reply(401, {"error_code": "IAM.0011", "error_msg": "Incorrect user name or password"}),
        reply(400, {"error": {"code": 400, "message": "Expecting to find domain in user"}}),
        reply(403, {"error": {"code": 403, "message": "locked"}}),
        reply(404, {"error": {"code": 404, "message": "Could not find project"}}),
        reply(302, Location="https://login.example"),
    ],
)
def test_a_refused_sign_in_is_a_failed_credential(create_with, answer):
    with pytest.raises(CredentialFailed) as failed:
        create_with(answer)
    assert failed.value.at_step == "sign_in"
    assert failed.value.exchange
    assert failed.value.exchange.request_body == ""


@pytest.mark.parametrize(
    "answer",
    [
        reply(500),
        reply(503, b"<html><title>busy</title></html>"),
        reply(201, {"token": {}}),
        reply(201, {"token": {}}, X_Subject_Token=""),
        reply(201, {"token": {}}, X_Subject_Token="MIIé"),
        reply(200, b"<html>Welcome</html>"),
        b"HTTP/1.1 201 Created\r\n",
        b"garbage",
    ],
)
def test_a_sign_in_without_a_clear_end_was_not_sent(create_with, answer):
    with pytest.raises(CloudNotSent) as not_sent:
        create_with(answer, deadline_seconds=0.5)
    assert not_sent.value.at_step == "sign_in"


def test_a_busy_sign_in_service_asks_to_come_later(create_with):
    with pytest.raises(CloudLater) as later:
        create_with(reply(429, Retry_After="3"))
    assert later.value.retry_after == 3
    assert not later.value.may_be_our_own_call


@pytest.mark.parametrize("iam", ["https://evil.example", "not an address", ""])
def test_the_guard_stands_before_the_sign_in_too(serve, create_on, iam):
    server = serve(Iam())
    auth = TokenAuth(iam, "payments", "safepoint", Secret("pw-canary"), PROJECT_ID)
    with pytest.raises(CloudNotSent) as not_sent:
        create_on(server, auth=auth, guard=Guard({server.origin}))
    assert not_sent.value.field == "endpoint"
    assert server.connections == 0
