"""`python -m tests.mutation [PATH...]`: how many changed copies of the program the tests tell from it.

1. The fast tests run once, to know which of them run which line.
2. Each mutant is judged by those of its line, in `--lanes` processes at a time.
3. The score of each room and the survivors are printed. Stop it at any time; it goes on where it was.

Everything is kept in var/mutants; remove that to begin anew. `--since COMMIT` judges
only what is new since then.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from deploy.choices import REPOSITORY
from tests.fixtures import servers
from tests.mutation import mutants
from tests.mutation.lane import Lane
from tests.mutation.ledger import GOOD, Ledger
from tests.mutation.mutants import Mutant

ROOMS = ["backups/operations", "backups/cloud", "backups/models"]
# The most important first: what guards "exactly once".
FIRST = [
    "claims", "outcomes", "submission", "searching", "transitions", "settling", "watching", "continuity",
    "reach", "lanes", "pace", "progress", "turns", "rights", "reconciling", "alarms",
]  # fmt: skip
KEPT = Path("var/mutants")
LEAST_SCORE = 0.9
# Imported before any fork: what takes long, and reads no settings.
HEAVY = (
    "argon2", "celery", "cryptography.x509", "django.contrib.admin.utils", "django.db.models", "django.forms",
    "django.test", "environs", "hypothesis", "kombu", "psycopg", "redis", "structlog", "time_machine",
)  # fmt: skip


def main() -> int:
    """Judge what is not judged yet, and tell how it stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="modules or rooms; all three rooms if none is named")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--since", metavar="COMMIT", help="leave out what could be changed in this commit too"
    )
    parser.add_argument("--report", action="store_true", help="tell how it stands, and judge nothing")
    told = parser.parse_args()
    os.chdir(REPOSITORY)
    KEPT.mkdir(parents=True, exist_ok=True)
    paths = modules(told.paths or ROOMS)
    if told.since:
        paths = [path for path in paths if path.read_text() != as_of(told.since, path)]
    wanted = [mutant for path in paths for mutant in mutants.of(path, path.read_text())]
    if told.since:
        old = {mutant.key for path in paths for mutant in mutants.of(path, as_of(told.since, path))}
        wanted = [mutant for mutant in wanted if mutant.key not in old]
    ledger = Ledger(KEPT / "verdicts.jsonl")
    if not told.report:
        judge_all(wanted, ledger, lanes=told.lanes)
    return report(wanted, ledger)


def modules(paths: list[str]) -> list[Path]:
    """The modules of the rooms, in the order in which they are judged."""
    found = [file for path in map(Path, paths) for file in (sorted(path.glob("*.py")) or [path])]
    return sorted(found, key=lambda file: FIRST.index(file.stem) if file.stem in FIRST else len(FIRST))


def as_of(commit: str, path: Path) -> str:
    """A module as it was in `commit`; empty where there was none."""
    shown = subprocess.run(["git", "show", f"{commit}:{path}"], capture_output=True, text=True, check=False)
    return shown.stdout


def judge_all(wanted: list[Mutant], ledger: Ledger, *, lanes: int) -> None:
    """Judge what has no verdict that stands, a part of it in each lane."""
    settled = ledger.settled()
    waiting = [mutant for mutant in wanted if mutant.key not in settled]
    print(f"{len(wanted)} mutants, {len(waiting)} to be judged.", flush=True)
    if not waiting:
        return
    servers.prepare_environment()
    try:
        for name in HEAVY:
            __import__(name)
        if wait_for([forked(measure)]):
            wait_for(
                [forked(partial(judge, number, waiting[number::lanes], ledger)) for number in range(lanes)]
            )
    finally:
        servers.pytest_unconfigure()


def measure() -> bool:
    """Know which tests run which line, and how long they take."""
    with Lane(0, KEPT) as lane:
        return lane.measure()


def judge(number: int, waiting: list[Mutant], ledger: Ledger) -> bool:
    """Judge a part of the mutants."""
    with Lane(number, KEPT) as lane:
        lane.judge(waiting, ledger)
    return True


def forked(work: Callable[[], bool]) -> int:
    """Do `work` in another process; its pid."""
    if pid := os.fork():
        return pid
    is_well = False
    try:
        is_well = work()
    finally:
        os._exit(0 if is_well else 1)


def wait_for(pids: list[int]) -> bool:
    """Whether all of them ended well."""
    return all([os.waitpid(pid, 0)[1] == 0 for pid in pids])  # noqa: C419 - wait for each of them


def report(wanted: list[Mutant], ledger: Ledger) -> int:
    """Print the score of each room and every survivor; 1 where a room's score is too low or not known."""
    verdicts, is_enough = ledger.read(), True
    for mutant in wanted:
        verdict = verdicts.get(mutant.key)
        if verdict is not None and verdict not in GOOD:
            print(f"\n{mutant.path}:{mutant.line} {mutant.operator}: {verdict}\n{mutant.diff}")
    for room in sorted({str(Path(mutant.path).parent) for mutant in wanted}):
        of_room = [verdicts.get(mutant.key) for mutant in wanted if str(Path(mutant.path).parent) == room]
        judged = [verdict for verdict in of_room if verdict]
        score = sum(verdict in GOOD for verdict in judged) / len(judged) if judged else 0.0
        is_enough &= score >= LEAST_SCORE and len(judged) == len(of_room)
        print(f"{room}: {score:.1%} of {len(judged)} judged; {len(of_room) - len(judged)} not judged yet")
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
