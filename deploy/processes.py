"""The processes of Safepoint: each has one command, for `make run`, docker-compose.yml and the tests.

`python -m deploy.launch NAME` becomes the process NAME.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from deploy.addresses import postgres_home, valkey_home
from deploy.choices import Choices
from deploy.engine import EmbeddedPostgres, EmbeddedValkey

# A request that waits for a cloud ("Test connection") holds a thread, up to 30 s: eight per process keep the
# others served. Without the option granian would allow hundreds, each with a database connection of its own.
# Threads need `--interface wsgi`: granian refuses to start with more than one under its default interface.
WEB_THREADS = 8
# Browsers and proxies hold connections while they ask nothing, and granian takes no more than its
# "backpressure" (half of 1,024 each, for two processes): from then on nobody is let in, not even `/readyz`.
WEB_CONNECTIONS = 4096
# A connection is an open file; some systems and container engines give a process 1,024.
OPEN_FILES = 2 * WEB_CONNECTIONS
# A task waits for the cloud most of its time: threads, which also share one allowance of calls a credential.
WORKER_THREADS = 8


@dataclass(frozen=True)
class Process:
    """A process that the supervisor keeps alive."""

    name: str
    command: Callable[[Choices], list[str]]
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    copies: Callable[[Choices], int] = lambda _: 1


def postgres(choices: Choices) -> list[str]:
    """The embedded database. Prepared again at each start, since the last one may have been killed."""
    server = EmbeddedPostgres(postgres_home(choices.var))
    server.prepare()
    return server.argv()


def valkey(choices: Choices) -> list[str]:
    """The embedded broker."""
    server = EmbeddedValkey(valkey_home(choices.var))
    server.prepare()
    return server.argv()


def web(choices: Choices) -> list[str]:
    """The pages."""
    return [
        *(sys.executable, "-m", "granian", "dashboard.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", choices.bind_address, "--port", str(choices.port)),
        *("--workers", str(choices.web_workers), "--blocking-threads", str(WEB_THREADS)),
        *("--backlog", str(WEB_CONNECTIONS), "--backpressure", str(WEB_CONNECTIONS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"),
    ]


def worker(_: Choices) -> list[str]:
    """Submits and follows backups when a message says so."""
    return [
        *(
            sys.executable,
            "-m",
            "celery",
            "--app",
            "dashboard",
            "--skip-checks",
            "worker",
            "--loglevel",
            "info",
        ),
        *(
            "--pool",
            "threads",
            "--concurrency",
            str(WORKER_THREADS),
            "--hostname",
            f"worker-{os.getpid()}@%h",
        ),
        *("--without-gossip", "--without-mingle"),
    ]


def reconciler(_: Choices) -> list[str]:
    """Does every due step again, messages or not."""
    return manage("reconciler", "--skip-checks")


def simulator(choices: Choices) -> list[str]:
    """A cloud to try things on."""
    state = str(choices.var / "simulator.sqlite3")
    keys = str(choices.simulator_keys)
    return manage("simulator", "--port", str(choices.simulator_port), "--state", state, "--keys-file", keys)


def manage(*arguments: str) -> list[str]:
    """A management command."""
    return [sys.executable, "manage.py", *arguments]


PROCESSES = {
    process.name: process
    for process in (
        Process("postgres", postgres, stop_signal="INT", stop_seconds=30),
        Process("valkey", valkey),
        Process("simulator", simulator),
        Process("web", web),
        # A task under way ends within the cloud's deadline of 30 s.
        Process("worker", worker, stop_seconds=40, copies=lambda choices: choices.worker_processes),
        Process("reconciler", reconciler, stop_seconds=40),
    )
}

SERVERS = ("postgres", "valkey")
ON_TOP = ("simulator", "worker", "reconciler", "web")

# What must have happened before they start, in this order; each may be done again at any time.
STEPS = {
    "Keys": manage("make_keys"),
    "Database tables": manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0"),
    "Static files": manage("collectstatic", "--no-input", "--verbosity", "0"),
    "Checks": manage("check", "--database", "default"),
}


def load_demo(choices: Choices) -> list[str]:
    """The demo's data, loaded once; the simulator has written its keys."""
    files = ("--keys-file", str(choices.simulator_keys), "--password-file", str(choices.demo_password))
    return manage("demo", *files)
