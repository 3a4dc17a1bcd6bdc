"""One mutant before its judges: a forked process that imports the changed module and runs the tests on it.

A process of its own per mutant, forked from one that has imported everything but our own code: a module is
imported in its changed form, nothing is written to the repository, and a mutant costs no start of Python.
"""

import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.fixtures import simulator
from tests.fixtures.simulated_cloud import SimulatedCloud
from tests.mutation.mutants import Mutant

SHORTEST_TIMEOUT_SECONDS = 20.0
OPTIONS = ["-x", "-q", "--reuse-db", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header"]


class Verdict(StrEnum):
    """What the tests said of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNTESTED = "untested"


class Changed(importlib.machinery.SourceFileLoader):
    """Finds one module, and loads it from changed source."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, mutant.path)
        self._source = mutant.source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


def judge(mutant: Mutant, tests: Sequence[str], *, usual_seconds: float, log: Path) -> Verdict | None:
    """Run `tests` on the mutant until one fails; one that takes far too long has failed.

    None where no test ran, since a test has been taken away in the meantime.
    """
    if not tests:
        return Verdict.UNTESTED

    def run() -> int:
        sys.meta_path.insert(0, Changed(mutant))
        return pytest.main([*OPTIONS, *tests])

    exit_code = in_child(run, log=log, seconds=SHORTEST_TIMEOUT_SECONDS + 4 * usual_seconds)
    if exit_code is None:
        return Verdict.TIMED_OUT
    if exit_code == pytest.ExitCode.OK:
        return Verdict.SURVIVED
    return None if exit_code == pytest.ExitCode.USAGE_ERROR and _is_gone(log) else Verdict.KILLED


def in_child(work: Callable[[], int], *, log: Path, seconds: float) -> int | None:
    """Do `work` in a forked process, its words going to `log`; its exit code, None where it took too long."""
    child = os.fork()
    if child == 0:
        _become_quiet(log)
        code = 70
        try:
            code = int(work())
        finally:
            os._exit(code)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _end_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    _end_group(child)
    os.waitpid(child, 0)
    return None


def share_simulator(cloud: SimulatedCloud) -> None:
    """Let the tests of this process and its children use a simulator that runs already."""
    start_another = simulator.start

    def start(directory: Path, **options: str | float | Path) -> SimulatedCloud:
        return start_another(directory, **options) if options else _Shared(cloud.process, cloud.keys_file)

    simulator.start = start


class _Shared(SimulatedCloud):
    def stop(self) -> int:
        return 0


def _become_quiet(log: Path) -> None:
    os.setpgid(0, 0)
    target = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    sys.stdout.flush()


def _end_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_gone(log: Path) -> bool:
    """Whether a test was not found, though its module could be imported."""
    said = log.read_text(errors="replace")
    return "Traceback" not in said and "ERROR collecting" not in said
