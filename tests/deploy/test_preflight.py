"""What keeps it from starting is one sentence and an exit code, never a traceback."""

import os
import socket
import subprocess
import sys

import pytest

from deploy import choices, preflight
from deploy.owned import free_port


@pytest.fixture
def start(tmp_path):
    """Start `make run`'s program, to its end."""

    def start(**environ):
        chosen = {
            "VAR_DIR": str(tmp_path / "var"),
            "DEMO": "no",
            "PORT": str(free_port()),
            "DATABASE_URL": os.environ["DATABASE_URL"],
            "REDIS_URL": os.environ["REDIS_URL"],
        }
        return subprocess.run(
            [sys.executable, "-m", "deploy.run"],
            cwd=choices.REPOSITORY,
            env={**os.environ, **chosen, **environ},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return start


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence; nothing else may have been printed to stderr."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("Safepoint does not run. ")
    return done.stderr


def test_a_port_in_use_is_named_with_the_variable_that_changes_it(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(start(PORT=str(port)))
    assert f"Port {port} of 127.0.0.1" in said
    assert "set PORT to another" in said


def test_the_simulators_port_is_looked_at_too(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refusal(start(DEMO="yes", SIMULATOR_PORT=str(taken.getsockname()[1])))
    assert "set SIMULATOR_PORT to another" in said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "postgresql://safepoint@127.0.0.1:1/safepoint", "the database cannot be reached"),
        ("DATABASE_URL", "postgresql://safepoint@no-such-host.invalid/x", "the database cannot be reached"),
        ("DATABASE_URL", "mysql://", "the database cannot be reached"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "the broker cannot be reached"),
        ("REDIS_URL", "tcp://nonsense", "the broker cannot be reached"),
        ("PORT", "eighty", "must be a number from 1 to 65535"),
        ("PORT", "0", "must be a number from 1 to 65535"),
        ("WEB_WORKERS", "many", "must be a number from 1 to 64"),
        ("DEMO", "perhaps", "must be yes or no"),
        ("VAR_DIR", "/dev/null/var", "cannot be written"),
    ],
)
def test_a_variable_that_cannot_be_meant_is_named(start, name, value, words):
    said = refusal(start(**{name: value}))
    assert words in said
    assert name in said or name == "VAR_DIR"


def test_a_key_that_cannot_be_a_key_is_refused(start):
    assert "CREDENTIAL_KEYS" in refusal(start(CREDENTIAL_KEYS="not-a-key"))


def test_one_that_runs_already_is_left_alone(start, tmp_path):
    chosen = choices.read({"VAR_DIR": str(tmp_path / "var")})
    lock = preflight.lock(chosen)
    try:
        assert "is running already" in refusal(start())
    finally:
        os.close(lock)
