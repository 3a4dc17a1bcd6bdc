"""Waiting for the end of a backup, through short absences of the server."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from safepoint.client import Patience
from safepoint.desk import Desk
from safepoint.ending import Backup
from safepoint.problems import plain
from safepoint.showing import percent

LONG_POLL_SECONDS = 20
BREATH_SECONDS = 1.5


def follow(desk: Desk, backup: Backup, *, until: float) -> Backup:
    """The backup at its end, or as it is at `until` (monotonic)."""
    desk.say(f"Backup {plain(backup['id'])}: {plain(backup['url'])}")
    with watching(desk.err) as tell:
        tell(backup)
        while not backup["is_final"] and (left := until - time.monotonic()) > 0:
            asked = time.monotonic()
            wait = math.ceil(min(left, LONG_POLL_SECONDS))
            backup = desk.client.get(
                f"backups/{backup['id']}/",
                [("wait", str(wait))],
                patience=Patience(throttled=until, away=until),
                wait=wait,
            )
            tell(backup)
            if not backup["is_final"] and time.monotonic() - asked < 1:  # the server had no room to wait
                time.sleep(min(BREATH_SECONDS, max(until - time.monotonic(), 0)))
    return backup


@contextmanager
def watching(console: Console) -> Iterator[Callable[[Backup], None]]:
    """Tells how it stands: a live line in a terminal, else a line for each change.

    Some pipelines force colors; their log is no terminal for that.
    """
    if console.is_interactive and console.file.isatty():
        with live(console) as tell:
            yield tell
    else:
        yield changes(console)


@contextmanager
def live(console: Console) -> Iterator[Callable[[Backup], None]]:
    """One line that moves."""
    words = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
    columns = SpinnerColumn("line"), words, TimeElapsedColumn()
    with Progress(*columns, console=console, expand=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda backup: progress.update(task, description=standing(backup))


def changes(console: Console) -> Callable[[Backup], None]:
    """A line for each change, with the time since the beginning."""
    began, said = time.monotonic(), ""

    def tell(backup: Backup) -> None:
        nonlocal said
        if (words := standing(backup)) != said:
            said = words
            console.print(f"[{time.monotonic() - began:.0f} s] {said}", soft_wrap=True)

    return tell


def standing(backup: Backup) -> str:
    """How it stands, and whom it waits for."""
    words = [backup["status"], percent(backup), backup["instance_name"], backup["name"]]
    return plain(": ".join(filter(None, [" ".join(filter(None, words)), backup["waits_for"]])))
