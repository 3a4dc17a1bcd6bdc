"""`safepoint backup ...`: ask for backups, look at them, decide."""

import sys
import time
import uuid
from collections.abc import Callable
from itertools import islice
from typing import Any

import click

from safepoint.client import Patience
from safepoint.desk import Desk, asking
from safepoint.ending import Backup, FailedError, NoAnswerError, code_of, end
from safepoint.following import follow
from safepoint.problems import plain
from safepoint.showing import attempts_table, backups_table, details

STATUSES = [
    *("AWAITING_APPROVAL", "QUEUED", "SUBMITTING", "UNCONFIRMED", "BUILDING", "COMPLETED", "AVAILABLE"),
    *("FAILED", "REFUSED", "REJECTED", "EXPIRED", "CANCELLED", "VANISHED", "DELETING", "DELETED", "UNKNOWN"),
]
PAGE = 100
SECONDS = click.FloatRange(min=0)
TIMEOUT = click.option("--timeout", type=SECONDS, default=3600, show_default=True, help="In seconds.")
WAIT = click.option("--wait", "is_waiting", is_flag=True, help="Wait for the end of the backup.")


@click.group()
def backup() -> None:
    """Ask for backups, look at them, decide."""


def a_key(_context: click.Context, _option: click.Parameter, key: str | None) -> str:
    """The key as given, if a header can hold it; or one that nobody else has."""
    if key is None:
        return str(uuid.uuid4())
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= 255 and key == key.strip()):
        raise click.BadParameter("1 to 255 ASCII characters, please.")
    return key


def patient(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of waiting for the end."""
    return WAIT(TIMEOUT(command))


@backup.command()
@click.option("--instance", "instance_id", required=True, metavar="ID", help="Its ID in the cloud.")
@click.option("--name", required=True, help="What the backup is to be called.")
@click.option("--description", default="", help="Kept with the backup in the cloud.")
@click.option("--reason", default="", help="For those who decide.")
@click.option("--ticket", "change_ticket", default="", help="The change that it belongs to.")
@click.option("--key", callback=a_key, help="The same key never makes a second backup; default: a new one.")
@patient
@asking
def create(desk: Desk, key: str, is_waiting: bool, timeout: float, **draft: str) -> None:
    """Ask for a backup."""
    until = time.monotonic() + timeout
    try:
        made = desk.client.post("backups/", draft, key=key, patience=Patience.of(timeout))
    except NoAnswerError as error:
        hint = f"Ask again with --key {key}: that makes no second backup."
        raise NoAnswerError(f"{error.message}\n{hint}") from error
    conclude(desk, made, until=until if is_waiting else None)


@backup.command()
@click.argument("backup_id", metavar="ID", type=click.UUID)
@patient
@asking
def show(desk: Desk, backup_id: uuid.UUID, is_waiting: bool, timeout: float) -> None:
    """Show a backup. Only with --wait does the exit code tell how it ended."""
    until = time.monotonic() + timeout
    found = desk.client.get(f"backups/{backup_id}/")
    if is_waiting:
        conclude(desk, found, until=until)
    desk.show(found, details(found), *([attempts_table(found)] if found["attempts"] else []))


def conclude(desk: Desk, found: Backup, *, until: float | None) -> None:
    """Wait if asked to, show what came of it, and end with its exit code."""
    if until is not None:
        try:
            found = follow(desk, found, until=until)
        except KeyboardInterrupt:
            desk.say(f"It goes on without you: safepoint show {plain(found['id'])} --wait")
            raise
    desk.show(found, details(found))
    if until is not None and not found["is_final"]:
        desk.say(f"The time is up; the backup goes on: safepoint show {plain(found['id'])} --wait")
    end(code_of(found, has_waited=until is not None))


@backup.command("list")
@click.option("--instance", "instance_id", metavar="ID", help="The cloud's ID of an instance.")
@click.option("--status", multiple=True, type=click.Choice(STATUSES, case_sensitive=False))
@click.option("--team")
@click.option("--query", "-q", "q", help="Words of the name or description.")
@click.option("--since", help="A date, or a time like 2026-11-27T14:10:00Z.")
@click.option("--until", help="A date, or a time.")
@click.option("--environment")
@click.option("--source", type=click.Choice(["here", "elsewhere", "automatic"]))
@click.option("--sort")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--all", "is_all", is_flag=True, help="All of them, however many.")
@asking
def list_(desk: Desk, limit: int, is_all: bool, status: tuple[str, ...], **filters: str | None) -> None:
    """List backups, the newest first."""
    query = [(name, value) for name, value in filters.items() if value]
    query += [("status", each) for each in status]
    query += [("limit", str(PAGE if is_all else min(limit + 1, PAGE)))]
    rows = (row for page in desk.client.pages("backups/", query) for row in page["results"])
    found = list(rows if is_all else islice(rows, limit + 1))
    wanted = found if is_all else found[:limit]
    desk.show(wanted, backups_table(wanted))
    if len(wanted) < len(found):
        desk.say(f"There are more than {limit}: --all, or --limit.")


def decide(desk: Desk, verb: str, backup_id: uuid.UUID, **more: Any) -> None:
    """Say a word on a backup, and show what came of it."""
    said = {name: value for name, value in more.items() if value}
    found = desk.client.post(f"backups/{backup_id}/{verb}/", said)
    desk.show(found, details(found))


@backup.command()
@click.argument("backup_id", metavar="ID", type=click.UUID)
@click.option("--comment", default="")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@asking
def approve(desk: Desk, backup_id: uuid.UUID, comment: str, yes: bool) -> None:
    """Agree to a backup, as it is shown."""
    found = desk.client.get(f"backups/{backup_id}/")
    desk.err.print(details(found))
    if not yes and sys.stdin.isatty() and not click.confirm("Approve this?", err=True):
        raise FailedError("Nothing was decided.")
    decide(desk, "approve", backup_id, seen=found["content_hash"], comment=comment)


@backup.command()
@click.argument("backup_id", metavar="ID", type=click.UUID)
@click.option("--comment", required=True, help="Why not.")
@asking
def reject(desk: Desk, backup_id: uuid.UUID, comment: str) -> None:
    """Refuse a backup, with a reason."""
    found = desk.client.get(f"backups/{backup_id}/")
    decide(desk, "reject", backup_id, seen=found["content_hash"], comment=comment)


@backup.command()
@click.argument("backup_id", metavar="ID", type=click.UUID)
@asking
def cancel(desk: Desk, backup_id: uuid.UUID) -> None:
    """Take back what was asked for and has not begun."""
    decide(desk, "cancel", backup_id)
