"""`python -m benchmarks [SUITE...]`: measure, print one table, keep it as JSON; 1 when a goal is missed."""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import (
    api_lists,
    choices,
    covered_fleet,
    exports,
    first_load,
    history_pages,
    live_lists,
    synced_fleet,
)
from benchmarks.figures import Figure, table
from benchmarks.scene import Scene
from benchmarks.stand import Stand

SUITES: Mapping[str, Callable[[Scene], list[Figure]]] = {
    "history": history_pages.measure,
    "live": live_lists.measure,
    "api": api_lists.measure,
    "export": exports.measure,
    "coverage": covered_fleet.measure,
    "sync": synced_fleet.measure,
    "first-load": first_load.measure,
}
PACKAGES = ("Django", "psycopg", "granian")


def main() -> int:
    """Run the suites; 0 when every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    asked = parser.parse_args().suites or list(SUITES)
    if unknown := set(asked) - set(SUITES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    # Whoever ends a run, its servers end with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = choices.read()
    began = time.monotonic()
    with Stand(chosen.directory) as stand:
        machine = describe(stand)
        figures, failed = run(asked, Scene(stand, chosen))
    print(f"\n{', '.join(f'{name} {value}' for name, value in machine.items())}")
    print(
        f"{chosen.rows:,} backups, {chosen.instances:,} instances, {time.monotonic() - began:.0f} s in all\n"
    )
    print(table(figures))
    if os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        print("\nThis machine was busy with more than this: ratios hold, bare times and rates do not.")
    path = write(chosen.results, {"machine": machine, "figures": figures, "failed": failed}, chosen)
    print(f"\nWritten to {path}")
    return 1 if failed or any(figure.is_met is False for figure in figures) else 0


def run(names: list[str], scene: Scene) -> tuple[list[Figure], dict[str, str]]:
    """The figures of each suite, and what went wrong in those that could not be measured."""
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names:
        print(f"Measuring: {name}", flush=True)
        try:
            figures += SUITES[name](scene)
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"
            print(f"  could not be measured: {failed[name]}", flush=True)
    return figures, failed


def describe(stand: Stand) -> dict[str, str]:
    """What was measured on."""
    return {
        "CPUs": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "PostgreSQL": stand.version(),
        **{name: version(name) for name in PACKAGES},
    }


def write(directory: Path, told: dict[str, Any], chosen: choices.Choices) -> Path:
    """Keep the figures as JSON, one file a run."""
    directory.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = directory / f"{now:%Y%m%d-%H%M%S}.json"
    kept = {
        "at": now.isoformat(timespec="seconds"),
        "rows": chosen.rows,
        "instances": chosen.instances,
        "lists": chosen.lists,
        **told,
        "figures": [figure.as_json() for figure in told["figures"]],
    }
    path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
