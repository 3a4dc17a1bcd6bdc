"""The broker may be frozen, dead or empty: a click is answered, and its row is there (faults.md, row 4)."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backups.models import Backup
from deploy.engine import EmbeddedValkey
from tests.faults.visitor import Visitor


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[tuple[subprocess.Popen, str]]:
    """A broker of this test's own, which it may freeze or kill, and its address."""
    server = EmbeddedValkey(tmp_path / "v", is_durable=False)
    server.prepare()
    process = subprocess.Popen(server.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.wait_ready()
    yield process, server.url()
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_click_is_answered_within_two_seconds_and_its_row_waits(
    own_broker, web, orders, ledger, dba, password, fault
):
    broker, address = own_broker
    visitor = Visitor(web(REDIS_URL=address).url)
    visitor.sign_in(dba.username, password)
    visitor.ask("warm-up", str(ledger.pk))
    broker.send_signal(fault)
    began = time.monotonic()
    path = visitor.ask("before-release", str(orders.pk))
    assert time.monotonic() - began < 2
    assert "before-release" in visitor.get(path)
    assert Backup.objects.get(name="before-release").status == "QUEUED"
