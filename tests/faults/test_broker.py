"""The broker may be frozen, dead, full, read-only or empty: nothing is lost (faults.md, rows 4 and 5)."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.utils import timezone

from backups.models import Attempt, Backup, Project
from backups.queries import health
from deploy.engine import EmbeddedValkey
from tests.faults.steps import connect, draft_of
from tests.faults.visitor import Visitor
from tests.faults.waiting import until


@dataclass
class Broker:
    """A broker of a test's own, which it may do anything to."""

    server: EmbeddedValkey
    process: subprocess.Popen

    @property
    def url(self) -> str:
        return self.server.url()

    def say(self, *command: str) -> Any:
        """What it answers to a command."""
        return redis.Redis.from_url(self.url).execute_command(*command)

    def restart(self) -> None:
        """Kill it and start it anew; it keeps nothing."""
        self.process.kill()
        self.process.wait()
        self.process = start(self.server)


def start(server: EmbeddedValkey) -> subprocess.Popen:
    process = subprocess.Popen(server.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.wait_ready()
    return process


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A running broker."""
    server = EmbeddedValkey(tmp_path / "v", is_durable=False)
    server.prepare()
    broker = Broker(server, start(server))
    yield broker
    broker.process.send_signal(signal.SIGCONT)
    broker.process.kill()
    broker.process.wait()


FAULTS: dict[str, Callable[[Broker], None]] = {
    "down": lambda broker: broker.process.kill(),
    "stopped": lambda broker: broker.process.send_signal(signal.SIGSTOP),
    "full": lambda broker: broker.say("CONFIG", "SET", "maxmemory", "1"),
    "read-only": lambda broker: broker.say("REPLICAOF", "127.0.0.1", "1"),
}


@pytest.mark.alone
@pytest.mark.parametrize("fault", FAULTS)
def test_row_04_a_click_is_answered_within_two_seconds_the_pages_say_the_queue_is_slow_and_it_completes(
    broker, web, reconciler, quick, quick_instances, complete, assert_exactly_once, dba, password, fault
):
    environ = {**quick, "REDIS_URL": broker.url}
    visitor = Visitor(web(**environ).url)
    visitor.sign_in(dba.username, password)
    visitor.get("/backups/new")
    FAULTS[fault](broker)
    began = time.monotonic()
    path = visitor.ask("before-release", str(quick_instances[0].pk))
    assert time.monotonic() - began < 2
    backup = Backup.objects.get()
    assert backup.status == "QUEUED"
    assert "queue" in {problem.kind for problem in health.problems(dba, at=timezone.now())}
    assert "The queue is slow" in visitor.get(path)
    reconciler(**environ)
    complete(backup)
    assert_exactly_once(backup)


@pytest.fixture
def tenants(simulator, quick, settings, payments, admin) -> list[Project]:
    """Four projects of fifty instances each."""
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    accesses = simulator.control("tenants", {"count": 4, "instances": 50})["projects"]
    return [connect(draft_of(simulator, access, payments), by=admin) for access in accesses]


@pytest.mark.alone
@pytest.mark.parametrize("loss", ["FLUSHALL", "restarted empty"])
def test_row_05_two_hundred_waiting_rows_are_all_submitted_within_30_seconds_of_losing_every_message(
    broker, quick, tenants, simulator, web, celery_worker, reconciler, dba, password, loss
):
    environ = {**quick, "REDIS_URL": broker.url, "CLOUD_CALLS_PER_SECOND": "5"}
    visitor = Visitor(web(**environ).url)
    visitor.sign_in(dba.username, password)
    behind = [celery_worker(**environ), reconciler(**environ)]
    for process in behind:
        process.send(signal.SIGSTOP)
    for project in tenants:
        instances = [str(pk) for pk in project.instances.values_list("pk", flat=True)]
        visitor.post("/backups/new", client_token=str(uuid4()), instances=instances, name="before-release")
    assert Backup.objects.filter(status="QUEUED").count() == 200
    assert broker.say("LLEN", "celery") >= 199  # the worker may hold one, unread
    if loss == "FLUSHALL":
        broker.say("FLUSHALL")
    else:
        broker.restart()
    lost_at = timezone.now()
    for process in behind:
        process.send(signal.SIGCONT)
    until(lambda: Attempt.objects.count() >= 200, patience=60)
    last = Attempt.objects.order_by("-started_at").first()
    assert last
    assert (last.started_at - lost_at).total_seconds() < 30
    until(lambda: not Backup.objects.filter(status__in=["QUEUED", "SUBMITTING"]).exists())
    assert len(simulator.history("create_backup")) == 200
