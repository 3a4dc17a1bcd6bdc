"""Terminals of every kind."""

import os
import pty

from tests.cli.told import CREATE, ID, backup, made, page, told


def test_letters_that_a_terminal_does_not_have_are_no_reason_to_end(process, scripted):
    server = scripted(page(told(name="备份")))
    listing = process(server.origin, "list", env_more={"PYTHONIOENCODING": "ascii"})
    said, errors = listing.communicate(timeout=20)
    assert (listing.returncode, errors) == (0, "")
    assert "??" in said


def test_a_reader_who_leaves_early_sees_no_traceback(process, scripted):
    listing = process(scripted(page(*[told()] * 100)).origin, "list", "--all", "--json")
    listing.stdout.close()
    assert "Traceback" not in listing.stderr.read()
    assert listing.wait(20) == 1


def test_at_a_terminal_one_line_moves_and_the_result_stays_on_stdout(process, scripted):
    screen, terminal = pty.openpty()
    waiting = process(
        scripted(made(), backup("BUILDING"), backup("COMPLETED")).origin,
        *(*CREATE, "--wait", "--json"),
        stderr=terminal,
        env_more={"TERM": "xterm", "FORCE_COLOR": "1"},
    )
    os.close(terminal)
    said, _ = waiting.communicate(timeout=20)
    assert waiting.returncode == 0
    assert said.startswith("{")
    moved = read_all(screen)
    assert "BUILDING 40 % orders before-release" in moved
    assert "\x1b[2K" in moved


def test_colors_that_a_pipeline_forces_make_its_log_no_terminal(process, scripted):
    server = scripted(made(), backup("BUILDING"), backup("COMPLETED"))
    waiting = process(server.origin, *CREATE, "--wait", env_more={"FORCE_COLOR": "1", "TERM": "xterm"})
    _, errors = waiting.communicate(timeout=20)
    assert f"Backup {ID}: " in errors
    assert "\x1b[2K" not in errors
    assert errors.count("BUILDING") == 1


def read_all(screen: int) -> str:
    """What was written on it, to the end."""
    found = b""
    try:
        while part := os.read(screen, 4096):
            found += part
    except OSError:  # the last one to write has gone
        os.close(screen)
    return found.decode()
