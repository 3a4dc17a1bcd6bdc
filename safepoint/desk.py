"""What every command that asks Safepoint has at hand: the client, and where its words go."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console, RenderableType

from safepoint import settings
from safepoint.client import Client


@dataclass(frozen=True)
class Desk:
    """Data goes to `out`, words about the way to `err`."""

    client: Client
    is_json: bool
    out: Console
    err: Console

    def say(self, words: str) -> None:
        """A word about the way, on a line of its own however long: what stands there can be copied."""
        self.err.print(words, soft_wrap=True)

    def show(self, value: Any, *drawn: RenderableType) -> None:
        """The result: as JSON, or drawn for a person."""
        if self.is_json:
            click.echo(json.dumps(value, indent=2))
        else:
            self.out.print(*drawn, sep="\n")


def open_desk(url: str | None, *, is_json: bool) -> Desk:
    """The desk that the environment and the options name."""
    out, err = (Console(stderr=is_err, markup=False, highlight=False) for is_err in (False, True))
    there = settings.url_of(url or click.get_current_context().find_root().params.get("url"))
    client = Client(there, settings.token(), settings.trust(), functools.partial(err.print, soft_wrap=True))
    desk = Desk(client, is_json, out, err)
    if settings.is_in_clear(there):
        desk.say("Warning: without https anybody on the way can read the token.")
    return desk


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its desk, and the options that choose it."""

    @click.option("--url", help="Where Safepoint is, instead of SAFEPOINT_URL.")
    @click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
    @click.option("--json", "is_json", is_flag=True, help="The same as --output json.")
    @functools.wraps(command)
    def with_desk(url: str | None, output: str, is_json: bool, **options: Any) -> None:
        command(open_desk(url, is_json=is_json or output == "json"), **options)

    return with_desk
