"""`manage.py create_key_pair`: an AK/SK pair for the cloud's own endpoints, printed once."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backups.management import grants
from backups.operations import access
from backups.operations.refusals import Refused


class Command(BaseCommand):
    help = "Make an AK/SK pair for USER in a team, and print it; the secret key cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        grants.add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            pair, secret = access.issue_key_pair(grants.read(options, at=now), by=None, at=now)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        keys = {"access_key": pair.access_key, "secret_key": secret.reveal()}
        told = [json.dumps(keys)] if options["json"] else [f"{name}: {value}" for name, value in keys.items()]
        self.stdout.write("\n".join(told))
