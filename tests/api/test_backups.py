"""Backups through REST: made once a key, told whole, found again, decided and waited for."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Attempt, Backup, Status
from tests.fixtures.callers import Caller
from tests.fixtures.fleet import make_instance

AT_ONCE = 8
FIELDS = {
    "id", "instance_id", "project_id", "name", "description", "status", "source", "revision", "requested_by",
    "requested_at", "reason", "change_ticket", "approvals", "waits_for", "cloud_id", "begin_time", "end_time",
    "size_mb", "progress", "needs_decision_at", "error", "attempts",
}  # fmt: skip


def test_a_backup_is_asked_for_and_told_whole(call_as, dba, wanted):
    reply = call_as(dba).post("backups/", wanted, key="run-1")
    assert reply.status_code == 201
    told = reply.json()
    assert set(told) >= FIELDS
    assert {name: told[name] for name in wanted} == wanted
    assert (told["status"], told["requested_by"], told["source"]) == ("QUEUED", "dba", "here")
    assert told["approvals"] == {"needed": 0, "given": 0, "approve_by": None}
    assert told["requested_at"].endswith("Z")
    assert call_as(dba).get(f"backups/{told['id']}/").json() == told


def test_the_same_key_again_is_the_same_backup(call_as, dba, wanted):
    first, again = (call_as(dba).post("backups/", wanted, key="run-1") for _try in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Backup.objects.count() == 1


def test_the_same_key_for_something_else_is_a_conflict(call_as, dba, wanted):
    call_as(dba).post("backups/", wanted, key="run-1")
    reply = call_as(dba).post("backups/", wanted | {"name": "other-name"}, key="run-1")
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:safepoint:problem:key_reused")


def test_a_key_is_of_one_person(call_as, dba, admin, service, wanted, project):
    call_as(dba).post("backups/", wanted, key="run-1")
    other = wanted | {"instance_id": make_instance(project, "other").cloud_id}
    assert call_as(service).post("backups/", other, key="run-1").status_code == 201


def test_without_a_key_a_name_still_makes_one_backup_only(call_as, dba, wanted):
    assert call_as(dba).post("backups/", wanted).status_code == 201
    reply = call_as(dba).post("backups/", wanted)
    assert reply.status_code == 422
    assert reply.json()["errors"] == {"name": ["orders already has a backup named “before-release”."]}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": "a"}, 400, "name"),
        ({"name": "1abc"}, 400, "name"),
        ({"name": None}, 400, "name"),
        ({"name": ["x"]}, 400, "name"),
        ({"description": "a<b"}, 400, "description"),
        ({"description": "a\nb"}, 400, "description"),
        ({"reason": "x" * 501}, 400, "reason"),
        ({"change_ticket": "x\u0000"}, 400, "change_ticket"),
        ({"nmae": "typing mistake"}, 400, "nmae"),
        ({"instance_id": "short"}, 400, "instance_id"),
        ({"instance_id": "0" * 32 + "in07"}, 422, "instance_id"),
        ({"project_id": "f" * 32}, 422, "instance_id"),
        ({"name": "数据库备份"}, 422, "name"),
        ({"break_glass": True, "reason": ""}, 422, "reason"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_as_a_problem(call_as, dba, wanted, change, status, field):
    reply = call_as(dba).post("backups/", wanted | change)
    assert (reply.status_code, reply["Content-Type"]) == (status, "application/problem+json")
    told = reply.json()
    assert set(told) == {"type", "title", "status", "detail", "errors"}
    assert set(told["errors"]) == {field}
    assert not Backup.objects.exists()


def test_an_instance_of_another_team_is_not_there(call_as, dba, foreign, wanted):
    reply = call_as(dba).post("backups/", wanted | {"instance_id": foreign.cloud_id})
    assert reply.json()["errors"] == {"instance_id": ["Payments has no instance with this ID."]}


def test_a_token_sees_its_own_team_alone_although_its_owner_sees_two(
    call_as, dba, storefront, foreign, stranger, ask, orders
):
    from_elsewhere = call_as(stranger, team=storefront)
    made = from_elsewhere.post("backups/", {"instance_id": foreign.cloud_id, "name": "mine"}).json()
    storefront.memberships.create(user=dba, roles=["requester"])
    ask(orders, "ours")
    call = call_as(dba)
    assert [row["name"] for row in call.get("backups/").json()["results"]] == ["ours"]
    assert call.get("backups/", {"team": "storefront"}).json()["results"] == []
    assert call.get(f"backups/{made['id']}/").status_code == 404


def test_an_error_is_told_with_its_code_its_words_and_what_to_do(call_as, dba, ask, orders):
    backup = ask(orders, "before-release")
    Backup.objects.filter(pk=backup.pk).update(
        status=Status.REFUSED,
        next_action_at=None,
        error_code="DBS.200010",
        error_message="no",
        error_remedy="ask",
    )
    Attempt.objects.create(
        backup=backup,
        number=1,
        worker="w",
        started_at=timezone.now(),
        finished_at=timezone.now(),
        outcome="refused",
    )
    told = call_as(dba).get(f"backups/{backup.pk}/").json()
    assert told["error"] == {"code": "DBS.200010", "message": "no", "remedy": "ask"}
    assert [attempt["outcome"] for attempt in told["attempts"]] == ["refused"]
    assert told["is_final"]


def test_what_nobody_has_is_not_there(call_as, dba):
    assert call_as(dba).get(f"backups/{uuid4()}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_instances_at_once_fails_for_nobody(call_as, dba, wanted, ledger):
    call = call_as(dba)

    def ask(number: int) -> int:
        try:
            other = wanted | {"instance_id": ledger.cloud_id} if number % 2 else wanted
            return Caller(call.token).post("backups/", other, key="run-1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as callers:
        told = set(callers.map(ask, range(2 * AT_ONCE)))
    assert told <= {200, 201, 409}
