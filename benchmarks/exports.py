"""The export of everything: it streams, from the first second, in little memory."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

import psutil

from benchmarks.figures import Figure, at_most
from benchmarks.samples import take_turns
from benchmarks.scene import Scene
from benchmarks.visitors import VisitError

MEGABYTE = 1024 * 1024
KINDS = {"CSV": "/backups/export.csv", "JSON": "/backups/export.json"}
FLOOR = "/bare/export"
FIRSTS = 9
HEADS = 2
"""Lines of an export that are no rows: what names the columns, or opens and closes the list."""


@dataclass(frozen=True, slots=True)
class Download:
    """One export. `peak_mb`: the most that one web process held meanwhile, the program itself included."""

    seconds: float
    lines: int
    peak_mb: float


def measure(scene: Scene) -> list[Figure]:
    """Both exports of all that Dana sees, beside a bare stream of the same rows."""
    idle = max(_memory(scene.many.process.pid))
    firsts = take_turns(
        {path: partial(first_byte_ms, scene, path) for path in (*KINDS.values(), FLOOR)},
        rounds=min(scene.choices.repeats, FIRSTS),
        warm_up=2,
    )
    floor = download(scene, FLOOR)
    figures = [Figure("web process, before any export", idle, "MB")]
    for kind, path in KINDS.items():
        first, told = firsts[path], download(scene, path)
        figures += [
            Figure(
                f"export, {kind}: first byte",
                first.median,
                "ms",
                firsts[FLOOR].median,
                "bare stream",
                goal=at_most(1000),
                spread=first.spread,
            ),
            Figure(
                f"export, {kind}: all {floor.lines:,} rows", told.seconds, "s", floor.seconds, "bare stream"
            ),
            Figure(f"export, {kind}: web process at most", told.peak_mb, "MB", idle, "before", at_most(150)),
            Figure(f"export, {kind}: lines besides rows", told.lines - floor.lines, "", goal=at_most(HEADS)),
        ]
    return figures


def first_byte_ms(scene: Scene, path: str) -> float:
    """How long until an export begins to come; the rest is not read."""
    with closing(http.client.HTTPConnection("127.0.0.1", scene.reader.port, timeout=600)) as connection:
        began = time.perf_counter()
        _begin(connection, scene, path).read1(1)
        return (time.perf_counter() - began) * 1000


def download(scene: Scene, path: str) -> Download:
    """Read an export to its end, piece by piece."""
    with (
        closing(http.client.HTTPConnection("127.0.0.1", scene.reader.port, timeout=600)) as connection,
        _watched(scene.many.process.pid) as peaks,
    ):
        began, lines = time.perf_counter(), 0
        response = _begin(connection, scene, path)
        while piece := response.read1(MEGABYTE):
            lines += piece.count(b"\n")
        seconds = time.perf_counter() - began
    return Download(seconds, lines, max(peaks))


def _begin(connection: http.client.HTTPConnection, scene: Scene, path: str) -> http.client.HTTPResponse:
    connection.request("GET", path, headers={"Cookie": scene.reader.cookie})
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise VisitError(f"{path}: {response.status}")
    return response


def _memory(pid: int) -> list[float]:
    """Megabytes that each web process holds (resident)."""
    workers = psutil.Process(pid).children(recursive=True) or [psutil.Process(pid)]
    return [worker.memory_info().rss / MEGABYTE for worker in workers]


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    peaks = [max(_memory(pid))]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            peaks[0] = max(peaks[0], *_memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        is_over.set()
        watcher.join()
