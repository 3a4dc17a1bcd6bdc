"""`manage.py bench_world --rows N --instances N`: fill an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from benchmarks import world


class Command(BaseCommand):
    """Fill the database that DATABASE_URL names."""

    help = "Fill an empty database with a year of backups."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of it."""
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--instances", type=int, required=True)

    def handle(self, *_: Any, **options: Any) -> None:
        """Fill it."""
        world.fill(options["rows"], options["instances"], at=timezone.now())
