"""The export of everything: it streams, from the first second, in little memory."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.figures import Figure, at_most
from benchmarks.scene import Scene
from benchmarks.visitors import VisitError, Visitor

MEGABYTE = 1024 * 1024
KINDS = {"CSV": "/backups/export.csv", "JSON": "/backups/export.json"}
FLOOR = "/bare/export"


@dataclass(frozen=True, slots=True)
class Download:
    """One export. `peak_mb`: the most that one web process held meanwhile, the program itself included."""

    first_byte_ms: float
    seconds: float
    rows: int
    megabytes: float
    peak_mb: float


def measure(scene: Scene) -> list[Figure]:
    """Both exports of all that Dana sees, beside a bare stream of the same rows."""
    idle = max(_memory(scene.many.process.pid))
    floor = download(scene, FLOOR)
    figures = [Figure("web process, idle", idle, "MB")]
    for kind, path in KINDS.items():
        told = download(scene, path)
        figures += [
            Figure(
                f"export, {kind}: first byte",
                told.first_byte_ms,
                "ms",
                floor.first_byte_ms,
                "bare stream",
                at_most(1000),
            ),
            Figure(
                f"export, {kind}: all {told.rows:,} rows", told.seconds, "s", floor.seconds, "bare stream"
            ),
            Figure(f"export, {kind}: web process at most", told.peak_mb, "MB", idle, "idle", at_most(150)),
            Figure(f"export, {kind}: rows missing", abs(floor.rows - told.rows), "", goal=at_most(1)),
        ]
    return figures


def download(scene: Scene, path: str) -> Download:
    """Read an export to its end, piece by piece."""
    visitor: Visitor = scene.reader
    connection = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=600)
    with _watched(scene.many.process.pid) as peaks:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": visitor.cookie})
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise VisitError(f"{path}: {response.status}")
        first = response.read1(1)
        first_ms = (time.perf_counter() - began) * 1000
        lines, size = first.count(b"\n"), len(first)
        while piece := response.read1(MEGABYTE):
            lines += piece.count(b"\n")
            size += len(piece)
        seconds = time.perf_counter() - began
    connection.close()
    return Download(first_ms, seconds, lines, size / MEGABYTE, max(peaks))


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
