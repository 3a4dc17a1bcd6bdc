"""A Safepoint that answers as a test scripts it, and the command line in front of it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safepoint.main import cli
from tests.cloud.raw_server import RawServer, in_turn
from tests.fixtures.played_cloud import Serve

TOKEN = "spt_" + "5ecret00" * 9


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

    def start(url: str, *arguments: str, **more) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "safepoint", *arguments],
            env={**environment, "SAFEPOINT_URL": url},
            **{
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "stdin": subprocess.DEVNULL,
                "text": True,
            }
            | more,
        )

    return start
