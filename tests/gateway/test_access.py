"""Who gets what at the cloud's own addresses: a new route without a row here fails (security.md, row 6)."""

import pytest
from django.utils import timezone

from backups.api.gateway.urls import urlpatterns
from backups.models import Backup
from tests.gateway.test_creating import WANTED
from tests.gateway.test_signing_in import body, sign_in

READERS = ("nobody", "stranger", "auditor", "dba", "lead", "admin", "service")

ROUTES = {
    # route: the answer to a call that is signed wrong, to a stranger's, a viewer's, a requester's, an
    # approver's, an admin's and a service account's
    "gateway-create": (401, 403, 403, 409, 403, 403, 409),
    "gateway-list": (401, 403, 200, 200, 200, 200, 200),
    "gateway-nothing": (404, 404, 404, 404, 404, 404, 404),
    "gateway-tokens": (401, 201, 201, 201, 201, 201, 201),
}


def test_every_route_has_its_row():
    names = {"-".join(str(route.name).split("-")[:2]) for route in urlpatterns}
    assert names == set(ROUTES)


@pytest.mark.parametrize("api", ["mysql/v3", "v3"])
@pytest.mark.parametrize("reader", READERS)
def test_each_caller_gets_what_the_table_says(
    reader, api, sign_as, request, client, orders, dba, payments, storefront, stranger
):
    person = dba if reader == "nobody" else request.getfixturevalue(reader)
    signer = sign_as(person, api=api, team=storefront if reader == "stranger" else payments)
    wrong = {"secret_key": "wrong"} if reader == "nobody" else {}
    told = {
        "gateway-create": signer.create(**WANTED, signed=wrong).status_code,
        "gateway-list": signer.send("GET", f"{signer.base}/backups", **wrong).status_code,
        "gateway-nothing": signer.send("GET", f"{signer.base}/jobs", **wrong).status_code,
        "gateway-tokens": sign_in(
            client, body(signer.pair.access_key, wrong.get("secret_key", signer.secret.reveal()))
        ).status_code,
    }
    assert told == {route: answers[READERS.index(reader)] for route, answers in ROUTES.items()}


def test_a_key_pair_opens_nothing_once_its_owner_lost_the_role_left_or_was_disabled(sign_as, dba, orders):
    signer = sign_as(dba)
    dba.memberships.update(roles=["viewer"])
    assert signer.create(**WANTED).status_code == 403
    assert signer.list().status_code == 200
    dba.memberships.all().delete()
    assert signer.list().status_code == 401
    assert not Backup.objects.exists()


def test_a_revoked_key_pair_opens_nothing(sign_as, dba, orders):
    signer = sign_as(dba)
    signer.pair.revoked_at = timezone.now()
    signer.pair.save()
    assert signer.list().status_code == 401


def test_a_mistake_of_ours_and_a_wrong_host_are_told_in_the_clouds_form(
    sign_as, dba, orders, monkeypatch, client
):
    def fail(*_args, **_options):
        raise RuntimeError("CANARY")

    client.raise_request_exception = False
    wrong = client.get(f"{sign_as(dba).base}/backups", headers={"host": "evil.example.com"})
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "APIGW.0201")
    monkeypatch.setattr("backups.operations.access.find_token", fail)
    failed = client.get(f"{sign_as(dba).base}/backups", headers={"x-auth-token": "x"})
    assert failed.status_code == 500
    assert failed.json() == {"error_code": "DBS.108000", "error_msg": "Internal Server Error"}
