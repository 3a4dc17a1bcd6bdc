"""Creating through the cloud's own address: the contract's words, Safepoint's rules, one backup a call."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from backups.models import Attempt, Backup, Event, Source, Status
from backups.operations import decisions, transitions
from tests.fixtures.consent import approve, reject

WANTED = {
    "instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01",
    "name": "backup-1",
    "description": "manual backup",
}


def code_of(reply) -> tuple[int, str]:
    assert set(reply.json()) == {"error_code", "error_msg"}
    assert reply["X-Request-Id"]
    return reply.status_code, reply.json()["error_code"]


def becomes(backup: Backup, status: Status, **values: object) -> None:
    """What the worker and the cloud make of it."""
    Backup.objects.filter(pk=backup.pk).update(status=status, next_action_at=timezone.now(), **values)


@pytest.fixture
def building(sign_as, dba, orders) -> Backup:
    sign_as(dba).create(**WANTED)
    backup = Backup.objects.get()
    begun = timezone.now()
    becomes(
        backup,
        Status.BUILDING,
        cloud_id="2f4ddb93-b901-4b08-93d8-1d2e472f30fe",
        begin_time=begun,
        job_id="j1",
    )
    return backup


def test_a_call_is_a_request_of_who_signed_it(sign_as, dba, orders):
    assert code_of(sign_as(dba).create(**WANTED)) == (409, "SAFEPOINT.0002")
    backup = Backup.objects.get()
    assert (backup.requested_by, backup.source, backup.status) == (dba, Source.HERE, Status.QUEUED)
    assert (backup.name, backup.description) == (WANTED["name"], WANTED["description"])
    assert Event.objects.get(backup=backup, verb="requested").actor == dba


def test_the_same_call_gets_the_backup_field_for_field_once_the_cloud_has_it(sign_as, dba, building):
    reply = sign_as(dba).create(**WANTED)
    assert reply.status_code == 202
    [*told] = reply.json()["backup"].items()
    assert {name for name, _value in told} == {
        "id", "name", "description", "begin_time", "status", "type", "instance_id",
    }  # fmt: skip
    known = {"id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "status": "BUILDING", "type": "manual"}
    assert reply.json()["backup"] | {"begin_time": ""} == WANTED | known | {"begin_time": ""}
    assert reply.json()["backup"]["begin_time"].endswith("+0000")
    assert set(reply.json()) == {"backup"}
    assert set(sign_as(dba, api="v3").create(**WANTED).json()) == {"backup", "job_id"}
    assert Backup.objects.count() == 1


def test_what_needs_approval_is_recorded_and_told_with_where_to_look(sign_as, policy, dba, lead, orders):
    reply = sign_as(dba).create(**WANTED)
    assert code_of(reply) == (403, "SAFEPOINT.0001")
    backup = Backup.objects.get()
    assert f"http://localhost:8000/backups/{backup.pk}/" in reply.json()["error_msg"]
    assert code_of(sign_as(dba).create(**WANTED)) == (403, "SAFEPOINT.0001")
    approve(backup, lead, at=timezone.now())
    assert code_of(sign_as(dba).create(**WANTED)) == (409, "SAFEPOINT.0002")
    becomes(backup, Status.BUILDING, cloud_id="c1")
    assert sign_as(dba).create(**WANTED).json()["backup"]["id"] == "c1"
    assert Backup.objects.count() == 1


def test_a_rejection_is_told_to_the_same_call_for_a_while_and_then_it_asks_anew(
    sign_as, policy, dba, lead, orders
):
    sign_as(dba).create(**WANTED)
    reject(Backup.objects.get(), lead, at=timezone.now())
    assert code_of(sign_as(dba).create(**WANTED)) == (403, "SAFEPOINT.0003")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert code_of(sign_as(dba).create(**WANTED)) == (403, "SAFEPOINT.0001")
    assert Backup.objects.count() == 2


def test_what_nobody_decided_in_time_is_told(sign_as, policy, dba, lead, orders):
    sign_as(dba).create(**WANTED)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        decisions.step(Backup.objects.get().pk, at=timezone.now())
        reply = sign_as(dba).create(**WANTED)
    assert code_of(reply) == (403, "SAFEPOINT.0004")
    assert "Nobody decided in time." in reply.json()["error_msg"]


def test_what_was_cancelled_is_told(sign_as, dba, orders, call_as):
    sign_as(dba).create(**WANTED)
    call_as(dba).post(f"backups/{Backup.objects.get().pk}/cancel/")
    assert code_of(sign_as(dba).create(**WANTED)) == (409, "SAFEPOINT.0005")


def test_a_refusal_of_the_cloud_is_handed_on_with_its_code_and_status(sign_as, dba, orders):
    sign_as(dba).create(**WANTED)
    backup, now = Backup.objects.get(), timezone.now()
    words: dict[str, Any] = {"error_code": "DBS.200010", "error_message": "You are not authorized."}
    becomes(backup, Status.SUBMITTING, lease_until=now)
    backup.refresh_from_db()
    transitions.move(backup, Status.REFUSED, verb="refused", at=now, **words)
    Attempt.objects.create(
        backup=backup,
        number=1,
        worker="w",
        started_at=now,
        finished_at=now,
        outcome="refused",
        http_status=403,
    )
    assert code_of(sign_as(dba).create(**WANTED)) == (403, "DBS.200010")
    with time_machine.travel(now + timedelta(minutes=16)):
        assert code_of(sign_as(dba).create(**WANTED)) == (409, "SAFEPOINT.0002")


def test_the_very_same_signed_call_never_makes_a_second_backup(sign_as, dba, orders, call_as, client):
    signer = sign_as(dba)
    path, body = f"{signer.base}/backups/create", b'{"instance_id": "%s", "name": "backup-1"}'
    body = body % orders.cloud_id.encode()
    signed = signer.sign("POST", path, body=body)

    def replay():
        return client.generic("POST", path, body, content_type="application/json", headers=signed)

    replay()
    call_as(dba).post(f"backups/{Backup.objects.get().pk}/cancel/")
    assert code_of(replay()) == (409, "SAFEPOINT.0005")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert code_of(replay()) == (401, "APIGW.0301")
    assert Backup.objects.count() == 1


def test_a_name_of_somebody_elses_request_is_taken(sign_as, dba, service, orders):
    sign_as(dba).create(**WANTED)
    assert code_of(sign_as(service).create(**WANTED)) == (409, "DBS.201209")
    assert code_of(sign_as(dba).create(**WANTED | {"description": "other"})) == (409, "DBS.201209")
