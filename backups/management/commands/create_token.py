"""`manage.py create_token`: an API token, printed once, alone on its line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backups.management import grants
from backups.models import Scope
from backups.operations import access
from backups.operations.refusals import Refused


class Command(BaseCommand):
    help = "Make an API token for USER in a team, and print it; it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        grants.add_arguments(parser)
        parser.add_argument(
            "--scopes",
            default=",".join(access.UNLESS_ASKED),
            help=f"comma-separated, of {', '.join(Scope.values)} (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            _token, secret = access.issue_token(grants.read(options, at=now), scopes=scopes, by=None, at=now)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(secret.reveal())
