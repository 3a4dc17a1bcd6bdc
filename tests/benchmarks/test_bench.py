"""`make bench` runs, with a handful of backups; how long anything takes is nothing that a test asks."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.figures import Figure, at_most, ratio_at_least, ratio_at_most, table
from benchmarks.samples import Sample, take_turns
from deploy.choices import REPOSITORY

FEW = {
    "BENCH_ROWS": "600",
    "BENCH_FEW_ROWS": "200",
    "BENCH_INSTANCES": "40",
    "BENCH_COVERED_INSTANCES": "40",
    "BENCH_SYNCED_INSTANCES": "20",
    "BENCH_SYNCED_ROWS": "300",
    "BENCH_REPEATS": "1",
    "BENCH_LISTS": "5",
    "BENCH_SECONDS": "1",
}
OWN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "DJANGO_SETTINGS_MODULE"}


@pytest.mark.timeout(600)
def test_a_small_run_measures_everything_and_leaves_nothing_behind(tmp_path):
    environ = {name: value for name, value in os.environ.items() if name not in OWN}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"],
        cwd=REPOSITORY,
        env={**environ, **FEW, "BENCH_RESULTS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr)
    [written] = tmp_path.iterdir()
    told = json.loads(written.read_text())
    assert str(written) in done.stdout
    assert told["failed"] == {}
    assert {figure["is_met"] for figure in told["figures"]} <= {True, False, None}
    assert done.returncode == int(any(figure["is_met"] is False for figure in told["figures"]))


@pytest.mark.parametrize(
    ("figure", "is_met"),
    [
        (Figure("time", 20, "ms", 10, "bare", ratio_at_most(2)), True),
        (Figure("time", 21, "ms", 10, "bare", ratio_at_most(2)), False),
        (Figure("rate", 60, "/s", 100, "bare", ratio_at_least(0.6)), True),
        (Figure("rate", 59, "/s", 100, "bare", ratio_at_least(0.6)), False),
        (Figure("memory", 151, "MB", goal=at_most(150)), False),
        (Figure("memory", 151, "MB"), None),
        (Figure("time", 1, "ms", goal=ratio_at_most(2)), False),
    ],
)
def test_a_figure_knows_whether_its_goal_is_met(figure, is_met):
    assert figure.is_met is is_met
    assert ("MISSED" in table([figure])) is (is_met is False)


def test_subjects_take_turns_and_what_warms_up_is_not_counted():
    order: list[str] = []

    def measured(name: str, value: float) -> float:
        order.append(name)
        return value

    taken = take_turns(
        {"page": lambda: measured("page", 2.0), "floor": lambda: measured("floor", 1.0)}, rounds=4, warm_up=1
    )
    assert [sorted(order[at : at + 2]) for at in range(0, 10, 2)] == [["floor", "page"]] * 5
    assert taken["page"] == Sample([2.0] * 4)
