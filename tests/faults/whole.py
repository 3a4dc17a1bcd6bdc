"""All of Safepoint as `make run` starts it, on ports and a directory of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from deploy.choices import REPOSITORY
from deploy.owned import free_port
from tests.faults.visitor import Visitor

OWN_SERVERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "PYTEST_XDIST_WORKER")
PROGRAMS = {
    "web": "granian",
    "worker": "celery",
    "reconciler": "reconciler",
    "valkey": "valkey-server",
    "postgres": "bin/postgres",
}


class Whole:
    """The running stack, used as a person's browser uses it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name not in OWN_SERVERS}
        self.environ = kept | {
            "VAR_DIR": str(var),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(free_port()),
            "DEMO": "yes",
            "CLOUD_DEADLINE_SECONDS": "5",
            "LEASE_MARGIN_SECONDS": "5",
            "SETTLE_HORIZON_SECONDS": "20",
        }
        self.log = var / "run.log"
        self.visitor = Visitor(self.url)

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.run"],
                cwd=REPOSITORY,
                env=self.environ,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        while "Safepoint is ready" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)

    def pids(self, name: str) -> list[int]:
        """The pids of a process of the stack, parents first."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child.pid for child in children if PROGRAMS[name] in " ".join(_command(child))]

    def kill(self, name: str) -> None:
        """`kill -9` for a process of the stack and its children."""
        pids = self.pids(name)
        assert pids, f"{name} does not run"
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def sign_in(self) -> Visitor:
        """A visitor who is the demo's DBA."""
        password = re.search(r"password of each is (\S+)", self.log.read_text())
        assert password
        self.visitor.sign_in("dba", password[1])
        return self.visitor

    def keys(self) -> dict[str, Any]:
        """What the simulated cloud handed out."""
        return dict(json.loads((self.var / "simulator-keys.json").read_text()))


def _command(process: psutil.Process) -> list[str]:
    try:
        return [*process.cmdline(), process.name()]
    except psutil.NoSuchProcess:
        return []
