"""A Safepoint that answers as a test scripts it, and the command line in front of it."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.core.management import call_command

from backups.models import Instance
from safepoint.main import cli
from tests.cloud.raw_server import RawServer, in_turn
from tests.fixtures.played_cloud import Serve
from tests.fixtures.processes import LiveStack

TOKEN = "spt_" + "5ecret00" * 9
PATIENCE = 120


@pytest.fixture
def scripted(serve_raw: Serve) -> Callable[..., RawServer]:
    """A server that answers one reply after another, and the last one from then on."""
    return lambda *replies: serve_raw(in_turn(*replies))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a pipeline: a token, and nothing of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAFEPOINT_")}
    return {**kept, "SAFEPOINT_TOKEN": TOKEN, "COLUMNS": "80", "NO_COLOR": "1", "HOME": str(tmp_path)}


Run = Callable[..., Result]


@pytest.fixture
def run(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against a server: `run(server, "list", "--json")`. Nothing it says holds the token."""

    def invoke(server: RawServer | None, *arguments: str, **environ: str) -> Result:
        for name in [name for name in os.environ if name.startswith("SAFEPOINT_")]:
            monkeypatch.delenv(name)
        address = {"SAFEPOINT_URL": server.origin} if server else {}
        result = CliRunner().invoke(cli, arguments, env={**environment, **address, **environ})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert TOKEN not in result.output
        return result

    return invoke


@pytest.fixture
def process(environment: dict[str, str]) -> Callable[..., subprocess.Popen]:
    """Start the command as a process of its own."""

    def start(url: str, *arguments: str, env_more: dict[str, str] | None = None, **more) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(
            [sys.executable, "-m", "safepoint", *arguments],
            env={**environment, "SAFEPOINT_URL": url, **(env_more or {})},
            text=True,
            **pipes | more,
        )

    return start


@pytest.fixture
def stack(live_stack: LiveStack, simulated) -> LiveStack:
    """Everything up, with the instances of Payments."""
    return live_stack


@pytest.fixture
def safepoint(process, stack) -> Callable[..., subprocess.CompletedProcess]:
    """Run a command with a token: `safepoint(token, "list")`."""

    def run(token: str, *arguments: str, timeout: float = PATIENCE) -> subprocess.CompletedProcess:
        started = process(stack.url, *arguments, env_more={"SAFEPOINT_TOKEN": token})
        said, errors = started.communicate(timeout=timeout)
        print(*arguments, said, errors, sep="\n")
        assert token not in said + errors
        return subprocess.CompletedProcess(arguments, started.returncode, said, errors)

    return run


def token_for(user: Any, scopes: str) -> str:
    """As an admin makes it."""
    printed = io.StringIO()
    call_command("create_token", user.username, team="payments", scopes=scopes, stdout=printed)
    return printed.getvalue().strip()


@pytest.fixture
def dbas(dba, payments) -> str:
    return token_for(dba, "read,request")


@pytest.fixture
def leads(lead, payments) -> str:
    return token_for(lead, "read,approve")


@pytest.fixture
def instance(simulated) -> Instance:
    """The production instance that is built soonest."""
    found: Instance = simulated.instances.filter(status="normal").order_by("volume_gb", "name")[0]
    found.environment = "production"
    found.save()
    return found


@pytest.fixture
def create(instance) -> Callable[[str], list[str]]:
    return lambda name: ["backup", "create", "--instance", instance.cloud_id, "--name", name, "--json"]
