"""`safepoint coverage`: who could be restored, and to when."""

from typing import Any

import click

from safepoint.desk import Desk, asking
from safepoint.ending import Code, end
from safepoint.showing import coverage_table


@click.command()
@click.option("--team")
@click.option("--environment")
@click.option("--state", type=click.Choice(["covered", "at_risk", "uncovered", "never"]))
@click.option("--query", "-q", "q", help="Words of instances' names.")
@click.option("--check", "is_check", is_flag=True, help="Exit with 1 unless each is covered.")
@asking
def coverage(desk: Desk, is_check: bool, **filters: str | None) -> None:
    """Show each instance's newest good backup against its target."""
    query = [(name, value) for name, value in filters.items() if value]
    first, *others = desk.client.pages("coverage/", query)
    rows: list[dict[str, Any]] = [row for page in (first, *others) for row in page["results"]]
    told = {"at": first["at"], "summary": first["summary"], "results": rows}
    counts = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in first["summary"].items())
    desk.show(told, coverage_table(rows), counts)
    if is_check and not rows:
        desk.say("No instance is like that.")
    if is_check and not (rows and all(row["state"] == "covered" for row in rows)):
        end(Code.FAILED)
