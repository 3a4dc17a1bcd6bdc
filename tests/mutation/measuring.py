"""Which of the fast tests run which line, and how long each takes: known from one run of them all."""

import json
from pathlib import Path

import pytest

IN_ONE_PROCESS = (
    "clock", "exactly_once", "gone", "lost_replies", "misleading_lists", "nonsense", "overdue", "restarts",
    "throttled", "tokens_in_a_run", "twins", "unreachable", "wrong_key",
)  # fmt: skip
FAST = ["tests/backups", "tests/cloud", "tests/contract", "tests/dashboard"]
FAST += ["tests/four_eyes/test_nobody_slips_past.py", "tests/four_eyes/test_by_hand.py"]
FAST += [f"tests/faults/test_{name}.py" for name in IN_ONE_PROCESS]
WATCHED = ["backups/operations", "backups/cloud", "backups/models"]


class Stopwatch:
    """A pytest plugin that notes how long each test takes, its fixtures included, and which of them fail."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def of_passed(self) -> dict[str, float]:
        """The seconds of those that can tell a mutant from the program."""
        return {test: seconds for test, seconds in self.seconds.items() if test not in self.failed}


def measure(directory: Path) -> int:
    """Run the fast tests once, to know which lines each of them runs and how long it takes."""
    stopwatch = Stopwatch()
    config = directory / "coverage.ini"
    sources = "".join(f"\n    {path}" for path in WATCHED)
    config.write_text(f"[run]\nsource = {sources}\ndata_file = {directory}/coverage\n")
    options = ["-q", "--create-db", "-p", "no:cacheprovider", "--cov", f"--cov-config={config}"]
    exit_code = pytest.main([*options, "--cov-context=test", "--cov-report=", *FAST], plugins=[stopwatch])
    (directory / "seconds.json").write_text(json.dumps(stopwatch.of_passed()))
    for test in stopwatch.failed:
        print(f"Fails on the program as it is, so it judges nothing: {test}")
    return 0 if exit_code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else int(exit_code)
