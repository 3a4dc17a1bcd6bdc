"""The ways in which a person can decide: every case of four eyes is tried through each of them."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

import urllib3
from click.testing import CliRunner
from django.core.management import CommandError, call_command
from django.test import Client

from backups.models import Backup, User
from safepoint.main import cli
from tests.fixtures.callers import Caller, answered_here, token_of

Decide = Callable[[User, Backup, str], str]
"""Has a person say "approved" or "rejected"; returns what the person is told."""


@dataclass(frozen=True)
class Face:
    """A way in, by its name."""

    name: str
    decide: Decide


def _by_page(person: User, backup: Backup, verdict: str) -> str:
    browser = Client()
    browser.force_login(person)
    word = {"verdict": verdict, "comment": "because", "seen": backup.content_hash}
    return browser.post(f"/approvals/{backup.pk}/", word, follow=True).text


def _in_bulk(person: User, backup: Backup, verdict: str) -> str:
    browser = Client()
    browser.force_login(person)
    word = {"verdict": verdict, "comment": "because", "choice": f"{backup.pk}:{backup.content_hash}"}
    return browser.post("/approvals/decide", word, follow=True).text


def _by_command(person: User, backup: Backup, verdict: str) -> str:
    said = {"approved": "approve", "rejected": "reject"}[verdict]
    told = io.StringIO()
    try:
        call_command("decide", said, str(backup.pk), username=person.username, comment="because", stdout=told)
    except CommandError as error:
        return str(error)
    return told.getvalue()


def _by_rest(person: User, backup: Backup, verdict: str) -> str:
    """With every scope, for the backup's team; who is no member of that has no token for it."""
    if not person.memberships.filter(team=backup.team).exists():
        return str(Caller("").post(f"backups/{backup.pk}/approve/").text)
    said = {"approved": "approve", "rejected": "reject"}[verdict]
    word = {"comment": "because", "seen": backup.content_hash}
    call = Caller(token_of(person, backup.team))
    return str(call.post(f"backups/{backup.pk}/{said}/", word).json().get("detail", ""))


def _by_cli(person: User, backup: Backup, verdict: str) -> str:
    """The command line's own code; its calls reach the site without a socket."""
    if not person.memberships.filter(team=backup.team).exists():
        return _by_rest(person, backup, verdict)
    said = {"approved": ["approve", "--yes"], "rejected": ["backup", "reject"]}[verdict]
    environ = {"SAFEPOINT_URL": "https://localhost", "SAFEPOINT_TOKEN": token_of(person, backup.team)}
    with patch.object(urllib3.PoolManager, "request", answered_here):
        result = CliRunner().invoke(cli, [*said, str(backup.pk), "--comment", "because"], env=environ)
    return result.output


FACES = [
    Face("page", _by_page),
    Face("bulk", _in_bulk),
    Face("command", _by_command),
    Face("rest", _by_rest),
    Face("cli", _by_cli),
]
