"""Processes that die or stand still around the one call (faults.md, rows 10 to 13)."""

import signal
import time

import pytest
from django.utils import timezone

from backups.models import Attempt, Backup, Pulse, Status
from dashboard.celery import app
from tests.faults.waiting import until
from tests.fixtures.running import RunningProcess


def status_of(backup: Backup) -> str:
    return Backup.objects.values_list("status", flat=True).get(pk=backup.pk)


def caller_of(backup: Backup, *processes: RunningProcess) -> RunningProcess:
    """The process that makes the call of `backup` now."""
    pid = int(Attempt.objects.get(backup=backup).worker.split(":")[1])
    return next(process for process in processes if pid in {process.pid, *process.children})


def test_row_10_a_hint_delivered_twenty_times_to_two_workers_makes_one_call(
    quick, quick_instances, simulator, celery_worker, ask_now, complete, assert_exactly_once
):
    celery_worker(**quick)
    celery_worker(**quick)
    simulator.hold("create_backup", at="received")
    backup = ask_now(quick_instances[0], "before-release")
    for _ in range(20):
        app.send_task("backups.submit", kwargs={"backup_id": str(backup.pk)})
    simulator.wait_until_held()
    sent_at = timezone.now()
    app.send_task("backups.canary")
    until(lambda: Pulse.objects.filter(name="worker", at__gt=sent_at).exists())  # all before it were taken
    simulator.release()
    complete(backup)
    assert len(simulator.history("create_backup")) == 1
    assert_exactly_once(backup)


@pytest.mark.parametrize("program", ["worker", "reconciler"])
def test_row_11_killed_after_the_claim_and_before_the_call_it_is_settled_by_looking(
    quick, quick_instances, simulator, celery_worker, reconciler, closed_lanes, ask_now, complete,
    assert_exactly_once, program,
):  # fmt: skip
    process = (celery_worker if program == "worker" else reconciler)(**quick)
    with closed_lanes():
        backup = ask_now(quick_instances[0], "before-release")
        until(lambda: status_of(backup) == Status.SUBMITTING)
        process.kill()
    assert not simulator.history("create_backup")
    reconciler(**quick)
    until(lambda: status_of(backup) == Status.UNCONFIRMED)
    complete(backup)
    assert_exactly_once(backup)
    verbs = list(backup.events.order_by("id").values_list("verb", flat=True))
    assert verbs[:3] == ["requested", "submitting", "lease_ended"]
    assert "send_again_decided" in verbs


@pytest.mark.parametrize("at", ["received", "applied"])
@pytest.mark.parametrize("program", ["worker", "reconciler"])
@pytest.mark.parametrize("reach", ["alone", "with its whole group"])
def test_row_12_killed_after_the_bytes_left_the_one_backup_is_found(
    quick, quick_instances, simulator, celery_worker, reconciler, ask_now, complete, assert_exactly_once,
    at, program, reach,
):  # fmt: skip
    process = (celery_worker if program == "worker" else reconciler)(**quick)
    simulator.hold("create_backup", at=at)
    backup = ask_now(quick_instances[0], "before-release")
    simulator.wait_until_held()
    if reach == "alone":
        process.kill()
    else:
        process.kill_group()
    simulator.release()  # "received": the cloud carries it out only now, and nobody is there to hear of it
    reconciler(**quick)
    complete(backup)
    assert_exactly_once(backup)
    assert len(simulator.history("create_backup")) == 1
    assert backup.events.filter(verb="found").exists()


@pytest.mark.parametrize("at", ["received", "applied"])
def test_row_13_stopped_during_the_call_for_longer_than_the_lease_it_writes_nothing_afterwards(
    quick, quick_instances, simulator, celery_worker, reconciler, ask_now, complete, assert_exactly_once, at
):
    worker = celery_worker(**quick)
    simulator.hold("create_backup", at=at)
    backup = ask_now(quick_instances[0], "before-release")
    simulator.wait_until_held()
    worker.send(signal.SIGSTOP)
    reconciler(**quick)
    until(lambda: status_of(backup) == Status.UNCONFIRMED)
    simulator.release()
    complete(backup)
    revision = Backup.objects.get(pk=backup.pk).revision
    worker.send(signal.SIGCONT)
    time.sleep(float(quick["CLOUD_DEADLINE_SECONDS"]))
    assert Backup.objects.get(pk=backup.pk).revision == revision
    assert_exactly_once(backup)
    assert len(simulator.history("create_backup")) == 1


def test_row_13_stopped_before_the_call_for_longer_than_the_lease_it_does_not_call_any_more(
    quick, quick_instances, simulator, celery_worker, reconciler, closed_lanes, ask_now, complete,
    assert_exactly_once,
):  # fmt: skip
    worker = celery_worker(**quick)
    with closed_lanes():
        backup = ask_now(quick_instances[0], "before-release")
        until(lambda: status_of(backup) == Status.SUBMITTING)
        worker.send(signal.SIGSTOP)
    reconciler(**quick)
    until(lambda: status_of(backup) == Status.UNCONFIRMED)
    worker.send(signal.SIGCONT)
    complete(backup)
    assert_exactly_once(backup)
    sent = [attempt for attempt in Attempt.objects.filter(backup=backup) if attempt.http_status]
    assert len(simulator.history("create_backup")) == len(sent) == 1
