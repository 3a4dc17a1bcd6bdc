"""`POST /v3/auth/tokens`: a token for a key pair, as the cloud's sign-in service gives one."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.gateway.test_refusals import with_token


def body(access_key: str, secret_key: str, **scope: str) -> dict:
    user = {"name": access_key, "password": secret_key, "domain": {"name": "any"}}
    auth: dict = {"identity": {"methods": ["password"], "password": {"user": user}}}
    return {"auth": auth | ({"scope": {"project": scope}} if scope else {})}


def sign_in(client, told: object):
    return client.post("/v3/auth/tokens", told, content_type="application/json")


def test_both_keys_give_a_token_for_a_day(client, sign_as, dba, project):
    signer = sign_as(dba)
    reply = sign_in(client, body(signer.pair.access_key, signer.secret.reveal(), id=project.project_id))
    assert reply.status_code == 201
    told = reply.json()["token"]
    left = datetime.fromisoformat(told["expires_at"]) - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assert told["project"]["id"] == project.project_id
    assert with_token(reply["X-Subject-Token"], "GET", f"{signer.base}/backups").status_code == 200


def test_a_scope_may_be_the_region_or_none(client, sign_as, dba):
    signer = sign_as(dba)
    keys = (signer.pair.access_key, signer.secret.reveal())
    assert sign_in(client, body(*keys, name="cn-north-4")).json()["token"]["project"]["name"] == "cn-north-4"
    assert "project" not in sign_in(client, body(*keys)).json()["token"]


@pytest.mark.parametrize("scope", [{"id": "f" * 32}, {"name": "af-south-1"}, {"id": ["x"]}])
def test_another_project_is_refused(client, sign_as, dba, scope):
    signer = sign_as(dba)
    reply = sign_in(client, body(signer.pair.access_key, signer.secret.reveal(), **scope))
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, 401)


def test_wrong_keys_are_refused(client, sign_as, dba):
    signer = sign_as(dba)
    for keys in ((signer.pair.access_key, "wrong"), ("NOBODYS", signer.secret.reveal()), ("", "")):
        assert sign_in(client, body(*keys)).status_code == 401


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", {"auth": {"identity": {"methods": ["token"]}}}, {"auth": 7}]
)
def test_a_body_that_says_nobody_is_refused(client, db, told):
    reply = sign_in(client, told)
    assert (reply.status_code, set(reply.json()["error"])) == (400, {"code", "message", "title"})


def test_signing_in_counts_and_gives_no_calls_more(client, sign_as, dba, settings):
    settings.API_CALLS_PER_MINUTE = 2
    signer = sign_as(dba)
    told = body(signer.pair.access_key, signer.secret.reveal())
    replies = [sign_in(client, told) for _call in range(5)]
    assert (replies[0].status_code, replies[4].status_code) == (201, 429)
    assert signer.pair.tokens.count() < 5
    tokens = [reply["X-Subject-Token"] for reply in replies if reply.status_code == 201]
    assert with_token(tokens[-1], "GET", f"{signer.base}/backups").status_code == 429
