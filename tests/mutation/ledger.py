"""What was found out, a line per verdict: a run that is stopped goes on where it was.

A verdict stands as long as the lines around the change are the same. A mutant that survived is tried again
once a test has changed.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.judging import Verdict
from tests.mutation.mutants import Mutant

GOOD = {Verdict.KILLED, Verdict.TIMED_OUT}


class Ledger:
    """The verdicts in a file that several processes append to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._tests = digest(Path("tests").rglob("*.py"))

    def read(self) -> dict[str, Verdict]:
        """The last verdict on each mutant, by its key."""
        return {key: verdict for key, (verdict, _) in self._read().items()}

    def settled(self) -> set[str]:
        """The keys of those that need not be judged again."""
        return {
            key for key, (verdict, tests) in self._read().items() if verdict in GOOD or tests == self._tests
        }

    def write(self, mutant: Mutant, verdict: Verdict) -> None:
        """Add a verdict."""
        line = json.dumps({"key": mutant.key, "verdict": verdict, "tests": self._tests})
        with self._file.open("ab") as file:
            file.write(f"{line}\n".encode())
            os.fsync(file.fileno())

    def _read(self) -> dict[str, tuple[Verdict, str]]:
        if not self._file.exists():
            return {}
        rows = [json.loads(line) for line in self._file.read_text().splitlines()]
        return {row["key"]: (Verdict(row["verdict"]), row["tests"]) for row in rows}


def digest(files: Iterable[Path]) -> str:
    """What the files hold, in short."""
    content = hashlib.sha256()
    for file in sorted(files):
        content.update(file.read_bytes())
    return content.hexdigest()[:16]
