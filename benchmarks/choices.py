"""What may be chosen of a run, in the environment; each has the size that the goals are for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.choices import REPOSITORY


@dataclass(frozen=True, slots=True)
class Choices:
    """The sizes of a run. `directory`: where its databases stay for the next run; None to throw them away."""

    rows: int
    few_rows: int
    instances: int
    covered_instances: int
    synced_instances: int
    synced_rows: int
    repeats: int
    lists: int
    seconds: float
    directory: Path | None
    results: Path


def read(environ: Mapping[str, str] = os.environ) -> Choices:
    """Read `BENCH_...`; ValueError for what is no number."""
    rows = int(environ.get("BENCH_ROWS", "1000000"))
    kept = environ.get("BENCH_DIR", "")
    return Choices(
        rows=rows,
        few_rows=int(environ.get("BENCH_FEW_ROWS", str(max(rows // 100, 1)))),
        instances=int(environ.get("BENCH_INSTANCES", "2000")),
        covered_instances=int(environ.get("BENCH_COVERED_INSTANCES", "10000")),
        synced_instances=int(environ.get("BENCH_SYNCED_INSTANCES", "10000")),
        synced_rows=int(environ.get("BENCH_SYNCED_ROWS", "1000000")),
        repeats=int(environ.get("BENCH_REPEATS", "60")),
        lists=int(environ.get("BENCH_LISTS", "1000")),
        seconds=float(environ.get("BENCH_SECONDS", "30")),
        directory=Path(kept).absolute() if kept else None,
        results=Path(environ.get("BENCH_RESULTS") or REPOSITORY / "var" / "bench").absolute(),
    )
