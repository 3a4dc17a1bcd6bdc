"""`manage.py demo`: fill an empty Safepoint with a team's two months."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backups.operations import demo
from backups.secrecy.secret import Secret


class Command(BaseCommand):
    help = "Load demo teams, accounts and history from a cloud whose keys are in a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the keys and the password come from."""
        parser.add_argument("--keys-file", type=Path, required=True)
        parser.add_argument(
            "--password-file", type=Path, required=True, help="the password of the demo accounts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once; a second run only follows an endpoint that moved."""
        try:
            accesses = demo.read_access(json.loads(options["keys_file"].read_text()))
            password = Secret(options["password_file"].read_text().strip())
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"The demo's keys cannot be read: {error}") from error
        is_new = demo.load(accesses, password=password, at=timezone.now())
        self.stdout.write("Demo data is loaded." if is_new else "Demo data is there already.")
