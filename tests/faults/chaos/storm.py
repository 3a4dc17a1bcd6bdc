"""What breaks at moments of its own: processes at exact points of a call, and the broker."""

import contextlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psutil
import redis
from django.db import connection

from backups.models import Attempt
from tests.faults.chaos.plan import LEASE_MARGIN_SECONDS
from tests.fixtures.running import RunningProcess
from tests.fixtures.simulated_cloud import SimulatedCloud

Start = Callable[[], RunningProcess]


class Storm:
    """Runs in a thread of its own until it is told to end; `counts` tells what it did."""

    def __init__(
        self,
        cloud: SimulatedCloud,
        chance: random.Random,
        broker: str,
        programs: dict[str, list[RunningProcess]],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._cloud = cloud
        self._chance = chance
        self._broker = redis.Redis.from_url(broker)
        self._programs = programs
        self._starts: dict[str, Start] = {}
        self._one_kill, self._one_start = threading.Lock(), threading.Lock()

    def restarts(self, name: str, start: Start) -> None:
        """How a killed program of this name is started again, as a supervisor would."""
        self._starts[name] = start

    def blow(self, stop: threading.Event) -> None:
        """Break something, again and again.

        Each held call is struck by a thread of its own: one that waited for another's restart would reach
        the cloud later than the horizon allows for.
        """
        struck: set[str] = set()
        with ThreadPoolExecutor() as pool:
            strikes = []
            while not stop.wait(0.3):
                for call in self._cloud.control("held?count=0&seconds=0", method="GET")["held"]:
                    if call["id"] not in struck:
                        struck.add(call["id"])
                        strikes.append(pool.submit(self._strike, call))
                if self._chance.random() < 0.05:
                    self._broker.flushdb()
                    self.counts["broker flushed"] += 1
            self._cloud.clear_faults()
            self._cloud.release()
        for strike in strikes:
            strike.result()

    def _strike(self, call: dict) -> None:
        """Kill the very process whose call is held, or stop it for a while; then let the call go on."""
        attempt = Attempt.objects.filter(backup__name=call["fields"]["name"]).order_by("-number").first()
        connection.close()
        found = self._program(int(attempt.worker.split(":")[1])) if attempt else None
        if found is None:
            self._cloud.release(call["id"])
            return
        name, program = found
        if self._chance.random() < 0.3:
            self._stop_for_a_while(program)
            self._cloud.release(call["id"])
            self.counts["stopped in a hold"] += 1
            return
        with self._one_kill:
            is_first = program in self._programs[name]
            if is_first:
                program.kill_group()
                self._programs[name].remove(program)
                self.counts["killed in a hold"] += 1
        self._cloud.release(call["id"])
        if is_first:
            with self._one_start:
                self._programs[name].append(self._starts[name]())

    def _stop_for_a_while(self, program: RunningProcess) -> None:
        os.killpg(program.pid, signal.SIGSTOP)
        threading.Event().wait(LEASE_MARGIN_SECONDS + 1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGCONT)

    def _program(self, pid: int) -> tuple[str, RunningProcess] | None:
        """The program to which a process belongs."""
        for name, programs in self._programs.items():
            for program in [*programs]:
                if pid == program.pid or pid in _children(program):
                    return name, program
        return None


def _children(program: RunningProcess) -> list[int]:
    try:
        return program.children
    except psutil.NoSuchProcess:
        return []
