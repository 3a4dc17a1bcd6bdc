"""A webhook that wants it is told of every change of a backup's status, once, in its order, and signed."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups.models import Event
from backups.operations import creation, delivering, submission
from tests.backups.operations.conftest import follow, look_until_asked, read
from tests.backups.operations.test_delivering import deliver
from tests.cloud.raw_server import RawServer
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve
from tests.fixtures.post import SIGNING_SECRET

pytestmark = pytest.mark.django_db(transaction=True)


def told(server: RawServer) -> list[dict[str, Any]]:
    return [call.json() for call in server.requests]


def changes(server: RawServer) -> list[tuple[str, str]]:
    return [(data["event"]["from_status"], data["event"]["to_status"]) for data in told(server)]


def is_signed(call: Any) -> bool:
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    key = base64.b64decode(SIGNING_SECRET.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return bool(call.headers["webhook-signature"] == f"v1,{mark}")


def test_a_whole_life_is_told_change_by_change_in_its_order_and_signed(
    every_change, some_occasions, govern, smallest, ask, lead, simulator
):
    govern(environment=smallest.environment)
    backup = ask(smallest, "before-release", at=timezone.now())
    approve(backup, lead, at=timezone.now())
    submission.submit(backup.pk)
    simulator.set_backup_status(read(backup).cloud_id, "COMPLETED")
    follow(read(backup))
    delivering.deliver()
    assert changes(every_change) == [
        ("", "AWAITING_APPROVAL"),
        ("AWAITING_APPROVAL", "QUEUED"),
        ("QUEUED", "SUBMITTING"),
        ("SUBMITTING", "BUILDING"),
        ("BUILDING", "COMPLETED"),
    ]
    numbers = list(Event.objects.filter(backup=backup).order_by("id").values_list("number", flat=True))
    assert [data["event"]["number"] for data in told(every_change)] == numbers
    assert [data["event"]["by"] for data in told(every_change)] == ["dba", "lead", None, None, None]
    assert len({call.headers["webhook-id"] for call in every_change.requests}) == len(numbers)
    assert all(map(is_signed, every_change.requests))
    assert [data["type"] for data in told(some_occasions)] == ["backup.started", "backup.completed"]


def test_what_nobody_else_is_told_of_is_told_as_well(every_change, some_occasions, lose, ask, smallest, dba):
    look_until_asked(lose())
    taken_back = ask(smallest, "second-one", at=timezone.now())
    creation.cancel(taken_back, by=dba, at=timezone.now())
    delivering.deliver()
    assert changes(every_change) == [
        *(("", "QUEUED"), ("QUEUED", "SUBMITTING"), ("SUBMITTING", "UNCONFIRMED")),
        *(("", "QUEUED"), ("QUEUED", "CANCELLED")),
    ]
    assert {data["type"] for data in told(every_change)} == {"backup.state"}
    assert not some_occasions.requests


def test_a_change_says_what_a_program_needs_of_it(every_change, orders, ask, dba):
    backup = ask(orders, "before-release")
    creation.cancel(backup, by=dba, at=NOW + timedelta(minutes=1))
    deliver(NOW + timedelta(minutes=1))
    [_, data] = told(every_change)
    event = Event.objects.get(verb="cancelled")
    assert (data["type"], data["team"]) == ("backup.state", "payments")
    assert datetime.fromisoformat(data["timestamp"]) == event.at == NOW + timedelta(minutes=1)
    assert data["event"] == {
        "number": event.number,
        "verb": "cancelled",
        "from_status": "QUEUED",
        "to_status": "CANCELLED",
        "by": "dba",
    }
    assert data["backup"] == {
        "id": str(backup.pk),
        "name": "before-release",
        "status": "CANCELLED",
        "instance": orders.cloud_id,
        "instance_name": "orders",
        "project": "payments-north",
        "project_id": "0483b6b16e954cb88930a360d2c4e663",
        "requested_by": "dba",
        "cloud_id": None,
    }
