"""Approving, rejecting, taking back."""

import os
import pty
from contextlib import suppress
from subprocess import TimeoutExpired

import pytest

from tests.cli.told import ID, INSTANCE, backup
from tests.cloud.raw_server import Received


def decision(server) -> Received:
    """What was sent last."""
    return server.requests[-1]


def test_approving_shows_what_would_run_and_agrees_to_exactly_that(run, scripted):
    server = scripted(backup("AWAITING_APPROVAL", description="all of it"), backup("QUEUED"))
    result = run(server, "approve", ID, "--comment", "go")
    assert result.exit_code == 0
    for words in ["before-release", INSTANCE, "all of it", "release 42", "CHG-42", "dba"]:
        assert words in result.stderr
    assert "QUEUED" in result.stdout
    assert decision(server).target == f"/api/v1/backups/{ID}/approve/"
    assert decision(server).json() == {"seen": "c0ffee", "comment": "go"}


@pytest.mark.parametrize(
    ("answer", "code", "sent"), [("y\n", 0, ["GET", "POST"]), ("n\n", 1, ["GET"]), ("\x03", 130, ["GET"])]
)
def test_at_a_terminal_a_person_is_asked_first(process, scripted, answer, code, sent):
    server = scripted(backup("AWAITING_APPROVAL"), backup("QUEUED"))
    keyboard, terminal = pty.openpty()
    asking = process(server.origin, "approve", ID, stdin=terminal, preexec_fn=lambda: own_terminal(terminal))
    os.close(terminal)
    while len(server.requests) < 1:
        assert asking.poll() is None, asking.stderr.read()
    said = asking.stderr.read(1)
    while "Approve this? [y/N]" not in said:
        said += asking.stderr.read(1)
    while asking.poll() is None:
        # Python can miss a signal that comes just when it begins to read; a person presses again.
        os.write(keyboard, answer.encode())
        with suppress(TimeoutExpired):
            asking.communicate(timeout=10)
    assert asking.returncode == code
    assert [each.method for each in server.requests] == sent
    os.close(keyboard)


def own_terminal(terminal: int) -> None:
    """So that Ctrl-C reaches it."""
    os.setsid()
    os.close(os.open(os.ttyname(terminal), os.O_RDWR))


def test_rejecting_says_why(run, scripted):
    server = scripted(backup("AWAITING_APPROVAL"), backup("REJECTED"))
    assert run(server, "backup", "reject", ID, "--comment", "not today").exit_code == 0
    assert decision(server).target == f"/api/v1/backups/{ID}/reject/"
    assert decision(server).json() == {"seen": "c0ffee", "comment": "not today"}


def test_taking_back_is_one_call(run, scripted):
    server = scripted(backup("CANCELLED"))
    assert run(server, "backup", "cancel", ID).exit_code == 0
    assert [(each.method, each.target) for each in server.requests] == [
        ("POST", f"/api/v1/backups/{ID}/cancel/")
    ]
