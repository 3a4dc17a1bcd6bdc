"""The command `safepoint`."""

import io
import sys
from typing import Any

import click
from click.shell_completion import get_completion_class

from safepoint import __version__
from safepoint.backup import approve, backup, list_, show
from safepoint.coverage import coverage
from safepoint.desk import Desk, asking
from safepoint.document import apply
from safepoint.ending import Code, end
from safepoint.problems import plain

NAME = "safepoint"
EPILOG = """\b
Environment:
  SAFEPOINT_URL         where Safepoint is
  SAFEPOINT_TOKEN       who asks, or
  SAFEPOINT_TOKEN_FILE  a file that holds the token
  SAFEPOINT_CA_FILE     certificates to trust instead of the system's

\b
Exit codes:
  0    done; without --wait: taken and under way
  1    failed: the backup FAILED, was REFUSED, CANCELLED or VANISHED;
       an error of the server or the network; not allowed; out of time
  2    wrong usage: options, values, no address, no token
  3    waits for approval, after --wait and its --timeout too
  4    REJECTED or EXPIRED
  130  Ctrl-C
"""


class Program(click.Group):
    """All of it; Ctrl-C ends it with the exit code that a shell expects."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrupted.", err=True)
            end(Code.INTERRUPTED)


@click.group(cls=Program, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--url", help="Where Safepoint is, instead of SAFEPOINT_URL.")
@click.version_option(__version__, prog_name=NAME)
def cli(url: str | None) -> None:
    """Backups of cloud databases, asked for and decided at Safepoint."""


@cli.command()
@asking
def me(desk: Desk) -> None:
    """Show whom the token stands for, and what it may do."""
    told = desk.client.get("me/")
    lists = {"roles", "scopes"}
    lines = [f"{name}: {plain(', '.join(v) if name in lists else v)}" for name, v in told.items()]
    desk.show(told, "\n".join(lines))


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    script = get_completion_class(shell)
    assert script is not None  # noqa: S101 - of click's own three
    click.echo(script(cli, {}, NAME, "_SAFEPOINT_COMPLETE").source())


for command in (backup, list_, show, approve, coverage, apply):
    cli.add_command(command)


def main() -> None:
    """Run it, and exit. What a terminal has no letters for is no reason to end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli(prog_name=NAME)
