"""`make run` as a person uses it: start, Ctrl-C, start again; and after the worst end, start again."""

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy import addresses, health, pidfiles
from deploy.choices import REPOSITORY
from deploy.owned import free_port

NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "VAR_DIR", "MAKEFLAGS", "MAKELEVEL")
OWN_TERMINAL = """\
import fcntl, os, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp("make", ["make", "run"])
"""
CTRL_C = b"\x03"


class Terminal:
    """A terminal in which somebody says `make run`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.keyboard, self.screen = pty.openpty()
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self.make = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL],
            cwd=REPOSITORY,
            env={**kept, "VAR_DIR": str(var), "PORT": str(self.port), "DEMO": "no", "WEB_WORKERS": "1"},
            stdin=self.screen,
            stdout=self.screen,
            stderr=self.screen,
        )
        os.close(self.screen)
        self.said = ""

    def read_until(self, words: str) -> None:
        while words not in self.said:
            try:
                self.said += os.read(self.keyboard, 4096).decode()
            except OSError:  # the last one to write has gone
                pytest.fail(f"It ended before it said {words!r}:\n{self.said}")

    def type(self, keys: bytes) -> None:
        os.write(self.keyboard, keys)

    def end(self) -> int:
        code = self.make.wait(60)
        os.close(self.keyboard)
        return code

    @property
    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.make.pid).children(recursive=True)

    def process(self, module: str) -> psutil.Process:
        """The process that was started by `python -m <module>`."""
        return next(each for each in self.tree if module in " ".join(each.cmdline()[1:3]))


@pytest.fixture
def var() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="safepoint-test-"))
    directory.chmod(0o755)
    yield directory
    pidfiles.stop_all_left(directory / "run")
    shutil.rmtree(directory, ignore_errors=True)


def note(var: Path) -> int:
    """Leave a mark in the database; how many there are."""
    with psycopg.connect(addresses.default_database_url(var)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS mark (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO mark DEFAULT VALUES")
        return len(connection.execute("SELECT at FROM mark").fetchall())


def alive(tree: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in tree if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_ctrl_c_stops_everything_and_the_next_start_goes_on_and_clears_up_after_a_kill(var):
    first = Terminal(var)
    first.read_until("Ctrl-C stops everything.")
    assert "Making the database" in first.said
    assert health.answers("127.0.0.1", first.port)
    assert note(var) == 1
    key = (var / "credential_keys").read_bytes()
    tree = first.tree
    first.type(CTRL_C)
    assert first.end() == 0
    assert not alive(tree)
    assert not health.answers("127.0.0.1", first.port)

    second = Terminal(var)
    second.read_until("Ctrl-C stops everything.")
    assert "Making the database" not in second.said
    assert note(var) == 2
    assert (var / "credential_keys").read_bytes() == key
    tree = second.tree
    for process in [second.process("deploy.run"), second.process("supervisor.supervisord")]:
        process.kill()  # the worst end: what they started goes on
    assert second.end() != 0
    assert alive(tree)

    third = Terminal(var)
    third.read_until("Ctrl-C stops everything.")
    assert not alive(tree)
    assert note(var) == 3
    tree = third.tree
    third.process("deploy.run").terminate()
    assert third.end() == 0
    assert not alive(tree)
