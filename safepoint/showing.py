"""What a person sees of backups and coverage, within 80 columns."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from safepoint.ending import Backup
from safepoint.problems import plain

COLORS = {
    **dict.fromkeys(("COMPLETED", "AVAILABLE", "covered"), "green"),
    **dict.fromkeys(("FAILED", "REFUSED", "REJECTED", "EXPIRED", "VANISHED", "uncovered", "never"), "red"),
    **dict.fromkeys(("AWAITING_APPROVAL", "UNCONFIRMED", "at_risk"), "yellow"),
}
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def cell(*lines: object) -> Text:
    """Lines of plain text, those left out that say nothing."""
    return Text("\n".join(plain(line) for line in lines if line not in (None, "")))


def colored(word: str, *more: object) -> Text:
    """A status or a state in its color, and what belongs to it."""
    text = cell(word, *more)
    text.stylize(COLORS.get(word, ""), 0, len(word))
    return text


def when(told: str | None) -> str:
    """A time of the interface, to the minute."""
    return datetime.fromisoformat(told).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if told else ""


def size(size_mb: float | None) -> str:
    """How large."""
    if size_mb is None:
        return ""
    return f"{size_mb / 1024:.1f} GB" if size_mb >= 1024 else f"{size_mb:.0f} MB"


def span(seconds: float | None) -> str:
    """How long, in the two largest units."""
    if seconds is None:
        return ""
    if seconds >= DAY:
        return f"{seconds // DAY:.0f} d {seconds % DAY // HOUR:.0f} h"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"


def percent(backup: Backup) -> str:
    """How far the cloud is, where it tells."""
    return "" if backup["progress"] is None or backup["is_final"] else f"{backup['progress']} %"


def plain_table(*names: str) -> Table:
    """A table without lines, whose first column is never broken."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name == names[0])
    return table


def backups_table(backups: Iterable[Backup]) -> Table:
    """Two lines for each, the ID whole, so that it can be copied."""
    table = plain_table("ID", "STATUS", "BACKUP")
    for each in backups:
        moment = when(each["requested_at"] or each["begin_time"])
        asked = " ".join(filter(None, [moment, each["requested_by"]]))
        state = colored(each["status"], percent(each) or size(each["size_mb"]))
        table.add_row(cell(each["id"], asked), state, cell(each["name"], each["instance_name"]))
    return table


def coverage_table(rows: Iterable[dict[str, Any]]) -> Table:
    """Two lines for each instance."""
    table = plain_table("INSTANCE", "STATE", "AGE", "TEAM")
    for each in rows:
        age = cell(span(each["age_seconds"]) or "-", f"of {each['target_hours']} h")
        name = cell(each["instance_name"], each["instance_id"])
        table.add_row(name, colored(each["state"]), age, cell(each["team"], each["environment"]))
    return table


def details(backup: Backup) -> Table:
    """All of one backup."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts(backup):
        if value not in (None, ""):
            grid.add_row(name, value if isinstance(value, Text) else cell(value))
    return grid


def facts(backup: Backup) -> Iterator[tuple[str, object]]:
    """What is known, by name."""
    yield "Backup", backup["name"]
    yield "ID", backup["id"]
    yield "Status", colored(" ".join(filter(None, [backup["status"], percent(backup)])))
    yield "Waits for", backup["waits_for"]
    yield "Instance", f"{backup['instance_name']} ({backup['instance_id']})"
    yield "Project", backup["project_id"]
    yield "Team", backup["team"]
    yield "Description", backup["description"]
    yield "Reason", backup["reason"]
    yield "Ticket", backup["change_ticket"]
    yield "Asked for", " by ".join(filter(None, [when(backup["requested_at"]), backup["requested_by"]]))
    yield "Approvals", approvals(backup["approvals"])
    yield "Began", when(backup["begin_time"])
    yield "Ended", when(backup["end_time"])
    yield "Size", size(backup["size_mb"])
    yield "Decision", when(backup["needs_decision_at"]) and "a person must decide: send again, or close"
    if error := backup["error"]:
        yield "Error", " ".join(filter(None, [error["code"], error["message"]]))
        yield "Remedy", error["remedy"]
    yield "Page", backup["url"]


def approvals(told: dict[str, Any] | None) -> str:
    """How many of how many agreed, and by when."""
    if not told or not told["needed"]:
        return ""
    until = f", until {when(told['approve_by'])}" if told["approve_by"] else ""
    return f"{told['given']} of {told['needed']}{until}"


def attempts_table(backup: Backup) -> Table:
    """The calls to the cloud."""
    table = plain_table("CALL", "STARTED", "OUTCOME", "SAID")
    for each in backup["attempts"]:
        said = [each["http_status"], each["error_code"], each["error_message"]]
        outcome = cell(each["outcome"])
        table.add_row(cell(each["number"]), cell(when(each["started_at"])), outcome, cell(*said))
    return table
