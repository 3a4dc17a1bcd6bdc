"""A place to judge mutants, one after another: a database, a broker database and a simulator of its own."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fixtures import servers, simulator
from tests.mutation import judging, measuring, selecting
from tests.mutation.ledger import Ledger, digest
from tests.mutation.mutants import Mutant

MEASURED_WITHIN_SECONDS = 1800.0


class Lane:
    """To be entered in a process of its own: it changes the environment for good."""

    def __init__(self, number: int, kept: Path) -> None:
        self._number = number
        self._log = kept / f"lane-{number}.log"
        self._kept = kept

    def __enter__(self) -> Self:
        # What the parent started is the parent's to stop.
        servers.started.clear()
        servers.directories.clear()
        base, mark, options = os.environ["DATABASE_URL"].partition("?")
        os.environ["DATABASE_URL"] = f"{base}_{self._number}{mark}{options}"
        os.environ["REDIS_URL"] = servers.with_database(os.environ["REDIS_URL"], self._number)
        directory = self._kept / f"lane-{self._number}"
        directory.mkdir(exist_ok=True)
        self._simulator = simulator.start(directory.resolve())
        judging.share_simulator(self._simulator)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._simulator.stop()

    def measure(self) -> bool:
        """Run the fast tests on the program as it is, unless that is known; whether they could be run."""
        known = self._kept / "measured"
        state = digest(Path.cwd().glob("[bdt]*/**/*.py"))
        if known.exists() and known.read_text() == state:
            return True
        code = judging.in_child(
            lambda: measuring.measure(self._kept.resolve()), log=self._log, seconds=MEASURED_WITHIN_SECONDS
        )
        if code == 0:
            known.write_text(state)
            return True
        print(f"The tests cannot be run: {self._log}", flush=True)
        return False

    def judge(self, mutants: Sequence[Mutant], ledger: Ledger) -> None:
        """Have each mutant judged, and write down the verdict."""
        judges = selecting.read(self._kept)
        for mutant in mutants:
            tests = judges.of(mutant.path, mutant.line)
            began, seconds = time.monotonic(), judges.usual_seconds(tests)
            verdict = judging.judge(mutant, tests, usual_seconds=seconds, log=self._log)
            if verdict is not None:
                ledger.write(mutant, verdict)
            took = time.monotonic() - began
            print(f"{took:6.1f} s  {verdict}  {mutant.path}:{mutant.line} {mutant.operator}", flush=True)
