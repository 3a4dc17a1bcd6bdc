"""What the cloud would refuse is refused in its own form, before anything is recorded."""

import pytest
from django.test import Client

from backups.models import Backup, Instance, Scope
from tests.fixtures.callers import token_of
from tests.fixtures.cast import NOW
from tests.gateway.test_creating import WANTED, code_of


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "a"}, (400, "DBS.201210")),
        ({"name": "1abc"}, (400, "DBS.201210")),
        ({"name": None}, (400, "DBS.201210")),
        ({"name": 7}, (400, "DBS.201210")),
        ({"description": "a<b"}, (400, "DBS.280127")),
        ({"description": "x" * 257}, (400, "DBS.280127")),
        ({"description": 7}, (400, "DBS.280127")),
        ({"instance_id": "short"}, (400, "DBS.200001")),
        ({"instance_id": None}, (400, "DBS.200001")),
        ({"instance_id": "0" * 32 + "in07"}, (404, "DBS.200002")),
    ],
)
def test_a_body_that_breaks_the_contract(sign_as, dba, orders, change, told):
    assert code_of(sign_as(dba).create(**WANTED | change)) == told
    assert not Backup.objects.exists()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", (400, "DBS.200006")),
        (b"{", (400, "DBS.200001")),
        (b"[]", (400, "DBS.200001")),
        (b"\xff", (400, "DBS.200001")),
        (b"[" * 10_000, (400, "DBS.200001")),
        (b'{"name": "' + b"x" * 3_000_000 + b'"}', (413, "APIGW.0201")),
    ],
)
def test_a_body_that_cannot_be_read(sign_as, dba, orders, body, told):
    signer = sign_as(dba)
    assert code_of(signer.send("POST", f"{signer.base}/backups/create", body=body)) == told


@pytest.mark.parametrize(
    ("values", "told"),
    [({"gone_at": NOW}, (404, "DBS.200002")), ({"status": "frozen"}, (409, "DBS.200011"))],
)
def test_an_instance_of_which_the_cloud_takes_no_backup(sign_as, dba, orders, values, told):
    Instance.objects.filter(pk=orders.pk).update(**values)
    assert code_of(sign_as(dba).create(**WANTED)) == told


def test_who_has_no_role_for_it_is_not_authorized(sign_as, auditor, lead, admin, orders):
    for person in (auditor, lead, admin):
        assert code_of(sign_as(person).create(**WANTED)) == (403, "DBS.200010")


def test_another_teams_project_is_not_there(sign_as, stranger, storefront, orders):
    outside = sign_as(stranger, team=storefront)
    assert code_of(outside.create(**WANTED)) == (403, "DBS.200010")
    assert code_of(outside.list()) == (403, "DBS.200010")


def test_a_project_that_none_can_be_is_not_there(sign_as, dba, orders):
    assert code_of(sign_as(dba).send("GET", "/v3/a%00b/backups")) == (403, "DBS.200010")


@pytest.mark.parametrize(
    "change",
    [{"secret_key": "wrong"}, {"access_key": "NOBODYS"}, {"at": NOW.replace(year=2020)}],
    ids=["secret", "access", "date"],
)
def test_a_signature_that_does_not_hold(sign_as, dba, orders, change):
    signer = sign_as(dba)
    assert code_of(signer.send("GET", f"{signer.base}/backups", **change)) == (401, "APIGW.0301")


@pytest.mark.parametrize("headers", [{}, {"authorization": "x"}, {"x-auth-token": "x"}, {"x-auth-token": ""}])
def test_who_is_not_signed_in(sign_as, dba, client, headers):
    assert code_of(client.get(f"{sign_as(dba).base}/backups", headers=headers)) == (401, "APIGW.0301")


def with_token(token: str, method: str, path: str, **body: object):
    return Client().generic(
        method,
        path,
        str(body).replace("'", '"'),
        content_type="application/json",
        headers={"x-auth-token": token},
    )


def test_an_api_token_signs_in_as_far_as_its_scopes_go(sign_as, dba, payments, orders):
    base = sign_as(dba).base
    reads = token_of(dba, payments, Scope.READ)
    asks = token_of(dba, payments, Scope.REQUEST)
    assert with_token(reads, "GET", f"{base}/backups").status_code == 200
    assert code_of(with_token(reads, "POST", f"{base}/backups/create", **WANTED)) == (403, "APIGW.0302")
    assert code_of(with_token(asks, "GET", f"{base}/backups")) == (403, "APIGW.0302")
    assert code_of(with_token(asks, "POST", f"{base}/backups/create", **WANTED)) == (409, "SAFEPOINT.0002")


def test_a_body_in_chunks_is_refused_for_what_it_is(sign_as, dba, payments, orders):
    headers = {"x-auth-token": token_of(dba, payments), "transfer-encoding": "chunked"}
    told = Client().post(f"{sign_as(dba).base}/backups/create", headers=headers)
    assert code_of(told) == (411, "DBS.200001")


def test_every_other_address_is_none(sign_as, dba, client):
    signer = sign_as(dba)
    for method, path in (
        ("GET", "/instances"),
        ("POST", "/backups"),
        ("DELETE", "/backups/x"),
        ("GET", "/jobs"),
        ("OPTIONS", "/backups"),
    ):
        assert code_of(signer.send(method, f"{signer.base}{path}")) == (404, "APIGW.0101"), path
    assert code_of(client.get("/v3/anything")) == (404, "APIGW.0101")


def test_too_many_calls_are_throttled_in_the_clouds_words(sign_as, dba, settings):
    settings.API_CALLS_PER_MINUTE = 1
    signer = sign_as(dba)
    replies = [signer.list() for _call in range(3)]
    assert code_of(replies[2]) == (429, "APIGW.0308")
    assert int(replies[2]["Retry-After"]) > 0
