"""`manage.py reconciler`: takes every due step, with no broker."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from backups.operations import coverage, pulses, reconciling, verification

logger = structlog.get_logger(__name__)

THREADS = 16


class Command(BaseCommand):
    help = "Find rows whose next step is due and take it, every few seconds; several copies may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often to look."""
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop until SIGTERM or SIGINT; a database that is away is waited for."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        logger.info("reconciler runs", every_seconds=options["every"])
        with ThreadPoolExecutor(THREADS) as pool:
            rounds = reconciling.Rounds(pool)
            while not stop.wait(options["every"]):
                self._once(rounds)

    def _once(self, rounds: reconciling.Rounds) -> None:
        try:
            connection.close_if_unusable_or_obsolete()
            rounds.start(at=timezone.now())
            rounds.also("audit", partial(verification.take_turn, at=timezone.now()))
            rounds.also("coverage", partial(coverage.take_turn, at=timezone.now()))
            pulses.beat(at=timezone.now())
        except DatabaseError as error:
            logger.warning("the database does not answer", error=str(error).strip())
            connection.close()
