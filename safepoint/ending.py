"""How a command ends: its exit code, and the errors that carry one."""

from enum import IntEnum
from typing import Any, ClassVar, NoReturn

import click

Backup = dict[str, Any]
"""A backup as the REST interface tells it."""


class Code(IntEnum):
    """What a pipeline goes by; `safepoint --help` says the same in words."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    WAITS = 3
    REJECTED = 4
    INTERRUPTED = 130


class FailedError(click.ClickException):
    """It could not be done; the words say why."""

    exit_code: ClassVar[int] = Code.FAILED


class NoAnswerError(FailedError):
    """Nobody knows whether the server carried it out."""


class WrongInputError(click.ClickException):
    """What was typed cannot be right; the words say where."""

    exit_code: ClassVar[int] = Code.USAGE


OF_STATUS = {
    "COMPLETED": Code.DONE,
    "AVAILABLE": Code.DONE,
    "AWAITING_APPROVAL": Code.WAITS,
    "REJECTED": Code.REJECTED,
    "EXPIRED": Code.REJECTED,
}


def code_of(backup: Backup, *, has_waited: bool) -> Code:
    """The exit code after a request: one that still runs is fine, unless its end was waited for."""
    is_under_way = not backup["is_final"] and not has_waited
    return OF_STATUS.get(backup["status"], Code.DONE if is_under_way else Code.FAILED)


def end(code: Code) -> NoReturn:
    """End the command with this exit code; all has been said."""
    raise click.exceptions.Exit(code)
