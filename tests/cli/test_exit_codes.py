"""A pipeline goes by the exit code."""

import signal
import time

import pytest

from tests.cli.told import CREATE, ID, INSTANCE, backup, made, problem


@pytest.mark.parametrize(("status", "code"), [("QUEUED", 0), ("AWAITING_APPROVAL", 3), ("COMPLETED", 0)])
def test_without_waiting_it_is_enough_that_the_request_was_taken(run, scripted, status, code):
    assert run(scripted(made(status)), *CREATE).exit_code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("COMPLETED", 0),
        ("AVAILABLE", 0),
        ("FAILED", 1),
        ("REFUSED", 1),
        ("CANCELLED", 1),
        ("VANISHED", 1),
        ("DELETED", 1),
        ("UNKNOWN", 1),
        ("REJECTED", 4),
        ("EXPIRED", 4),
    ],
)
def test_waiting_ends_with_how_the_backup_ended(run, scripted, status, code):
    server = scripted(made("AWAITING_APPROVAL"), backup(status))
    result = run(server, *CREATE, "--wait")
    assert result.exit_code == code
    assert status in result.stdout
    assert server.requests[1].target == f"/api/v1/backups/{ID}/?wait=20"


@pytest.mark.parametrize(("status", "code"), [("AWAITING_APPROVAL", 3), ("BUILDING", 1), ("UNCONFIRMED", 1)])
def test_when_the_time_is_up_the_code_says_whether_it_was_approval_that_was_missing(
    run, scripted, status, code
):
    result = run(scripted(made(), backup(status)), *CREATE, "--wait", "--timeout", "0.2")
    assert result.exit_code == code
    assert f"safepoint show {ID} --wait" in result.stderr


def test_showing_tells_the_end_in_its_code_only_when_it_waits(run, scripted):
    assert run(scripted(backup("REJECTED")), "show", ID).exit_code == 0
    assert run(scripted(backup("REJECTED")), "show", ID, "--wait").exit_code == 4
    assert run(scripted(backup("COMPLETED")), "show", ID, "--wait").exit_code == 0


@pytest.mark.parametrize("status", [401, 403, 404, 409, 500])
def test_what_the_server_does_not_do_failed_and_is_told_in_its_words(run, scripted, status):
    result = run(scripted(problem(status, "Too late: decided already.")), "show", ID)
    assert result.exit_code == 1
    assert result.stderr == f"Error: Too late: decided already. ({status})\n"
    assert not result.stdout


def test_wrong_fields_are_wrong_usage_each_told_at_its_option(run, scripted):
    errors = {"instance_id": ["No such instance."], "change_ticket": ["Too long."], "sort": ["Odd."]}
    errors["non_field_errors"] = ["Both."]
    result = run(scripted(problem(422, errors=errors)), *CREATE)
    assert result.exit_code == 2
    lines = "--instance: No such instance.", "--ticket: Too long.", "sort: Odd.", "Both."
    assert result.stderr == "Error: " + "\n".join(lines) + "\n"


def test_a_bad_request_without_fields_is_wrong_usage_too(run, scripted):
    result = run(scripted(problem(400, "Odd.")), "list", "--since", "yesterday")
    assert (result.exit_code, result.stderr) == (2, "Error: Odd.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("backup", "create", "--instance", INSTANCE),
        ("show", "no-id"),
        ("show", ID, "--output", "xml"),
        ("list", "--status", "SLEEPING"),
        ("backup", "reject", ID),
        ("nonsense",),
        (*CREATE, "--key", "k" * 256),
        (*CREATE, "--key", "two\nlines"),
    ],
)
def test_wrong_usage_never_reaches_the_server(run, scripted, arguments):
    server = scripted(backup())
    assert run(server, *arguments).exit_code == 2
    assert not server.requests


@pytest.mark.parametrize(
    "environ",
    [
        {"SAFEPOINT_URL": ""},
        {"SAFEPOINT_URL": "ftp://desk.example.org"},
        {"SAFEPOINT_URL": "http://desk.example.org:port"},
        {"SAFEPOINT_URL": "http://me:too@desk.example.org"},
        {"SAFEPOINT_TOKEN": ""},
        {"SAFEPOINT_TOKEN": "", "SAFEPOINT_TOKEN_FILE": "/not/there"},
        {"SAFEPOINT_CA_FILE": "/not/there"},
    ],
)
def test_no_address_and_no_token_are_wrong_usage(run, scripted, environ):
    server = scripted(backup())
    result = run(server, "list", **environ)
    assert result.exit_code == 2
    assert next(iter(environ)).split("_FILE")[0] in result.stderr
    assert not server.requests


def test_ctrl_c_ends_with_130_and_says_that_the_backup_goes_on(process, scripted):
    server = scripted(made(), backup("BUILDING"))
    waiting = process(server.origin, *CREATE, "--wait")
    while len(server.requests) < 3:
        assert waiting.poll() is None, waiting.stderr.read()
        time.sleep(0.05)
    waiting.send_signal(signal.SIGINT)
    said, errors = waiting.communicate(timeout=20)
    assert (waiting.returncode, said) == (130, "")
    assert f"It goes on without you: safepoint show {ID} --wait" in errors
    assert "Traceback" not in errors
