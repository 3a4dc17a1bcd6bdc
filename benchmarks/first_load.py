"""What a browser that was never here fetches to show the history: every byte, as it goes over the wire."""

import re
from urllib.parse import urljoin

from benchmarks.figures import Figure, at_most
from benchmarks.scene import Scene
from benchmarks.visitors import Visitor

MOST_KB = 100
NEEDED = re.compile(r'<(?:script[^>]*\ssrc|link[^>]*\shref|img[^>]*\ssrc)="([^"]+)"')
IN_STYLES = re.compile(rb'(?:@import\s+|url\()\s*["\']?([^"\')]+)')


def measure(scene: Scene) -> list[Figure]:
    """The page, and everything it brings along, in kilobytes of 1,000 bytes."""
    visitor = scene.reader
    page = visitor.get("/backups/", Accept_Encoding="gzip, br")
    sizes = {"/backups/": len(page.body)}
    text = visitor.get("/backups/").text
    for address in NEEDED.findall(text):
        _fetch(visitor, urljoin("/backups/", address), sizes)
    whole = sum(sizes.values()) / 1000
    return [
        Figure("first load of the history", whole, "KB", goal=at_most(MOST_KB)),
        Figure(
            "first load: the page itself", sizes["/backups/"] / 1000, "KB", len(text) / 1000, "not compressed"
        ),
        Figure("first load: requests", len(sizes), ""),
    ]


def _fetch(visitor: Visitor, path: str, sizes: dict[str, int]) -> None:
    if path in sizes or not path.startswith("/"):
        return
    sizes[path] = len(visitor.get(path, Accept_Encoding="gzip, br").body)
    if path.endswith(".css"):
        for found in IN_STYLES.findall(visitor.get(path).body):
            address = found.decode()
            if not address.startswith("data:"):
                _fetch(visitor, urljoin(path, address), sizes)
