"""The cloud carries the call out and answers nonsense (faults.md, row 19)."""

import json
import tracemalloc

import pytest
from django.utils import timezone

from backups.models import Outcome, Status
from tests.faults.steps import FOUND, look, some_of, submit

MEGABYTE = 1024 * 1024
GOOD = json.dumps({"backup": {"id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe"}})

NONSENSE = {
    "malformed JSON": GOOD[:-3],
    "two values": GOOD + GOOD,
    "no body": "",
    "a list": "[]",
    "a text": '"ok"',
    "a number": "1",
    "null": "null",
    "NaN": '{"backup": NaN}',
    "deep nesting": "[" * 100_000,
    "backup is a list": '{"backup": ["2f4ddb93-b901-4b08-93d8-1d2e472f30fe"]}',
    "backup is null": '{"backup": null}',
    "id is a truth": '{"backup": {"id": true}}',
    "id is a fraction": '{"backup": {"id": 7.5}}',
    "id is an object": '{"backup": {"id": {}}}',
    "id is empty": '{"backup": {"id": ""}}',
    "id is missing": '{"backup": {"name": "before-release", "status": "BUILDING"}}',
    "another instance": '{"backup": {"id": "b-1", "instance_id": "00000000000000000000000000000000in07"}}',
    "two BOMs": "\ufeff\ufeff" + GOOD,
    "BOM of UTF-16": "\udcff\udcfe" + "\x00".join(GOOD) + "\x00",
    "NUL": GOOD[:-1] + "\x00}",
    "only NUL": "\x00" * 64,
    "no UTF-8": GOOD[:-1] + "\udcff}",
    "HTML page": "<!doctype html><title>Login</title><p>Please sign in to the portal.",
}


def is_settled_by_a_look(backup, simulator) -> None:
    assert (backup.status, backup.attempts.get().outcome) == (Status.UNCONFIRMED, Outcome.AMBIGUOUS)
    backup = look(backup)
    [made] = simulator.backups(backup.instance.project.project_id)
    assert (backup.status in FOUND, backup.cloud_id) == (True, made["id"])
    assert len(simulator.history("create_backup")) == 1


@pytest.fixture
def backup(simulated, ask):
    """A backup that waits to be sent."""
    [instance] = some_of(simulated, 1)
    return ask(instance, "before-release", at=timezone.now())


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_row_19_nonsense_under_200_is_no_answer_and_the_list_tells(backup, simulator, body):
    simulator.fault(operation="create_backup", at="reply", action="body", body=body)
    is_settled_by_a_look(submit(backup), simulator)


def test_row_19_a_byte_order_mark_alone_hides_no_answer(backup, simulator):
    simulator.fault(operation="create_backup", at="reply", action="body", body="\ufeff" + GOOD)
    backup = submit(backup)
    assert (backup.status, backup.cloud_id) == (Status.BUILDING, json.loads(GOOD)["backup"]["id"])


@pytest.mark.parametrize("is_gzip", [False, True], ids=["200 MB", "gzip bomb"])
def test_row_19_a_body_without_measure_takes_little_memory(backup, simulator, is_gzip):
    simulator.fault(
        operation="create_backup", at="reply", action="big", bytes=200 * MEGABYTE, is_gzip=is_gzip
    )
    tracemalloc.start()
    backup = submit(backup)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MEGABYTE
    is_settled_by_a_look(backup, simulator)


@pytest.mark.parametrize("is_gzip", [False, True], ids=["200 MB", "gzip bomb"])
def test_row_19_a_list_without_measure_takes_little_memory_and_says_nothing(backup, simulator, is_gzip):
    simulator.fault(operation="create_backup", at="applied", action="drop")
    backup = submit(backup)
    simulator.fault(operation="list_backups", at="reply", action="big", is_gzip=is_gzip)
    tracemalloc.start()
    backup = look(backup)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * MEGABYTE
    assert (backup.status, backup.looks) == (Status.UNCONFIRMED, 0)
    assert look(backup).status in FOUND
