"""`manage.py simulator`: a cloud to try things on."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backups.simulator import command


class Command(BaseCommand):
    help = "Serve a simulated cloud with projects, instances and backups, until it is stopped."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        """Those of the simulator."""
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; ends the process with the simulator's exit code."""
        sys.exit(command.run(command.read(options)))
