"""The coverage of ten thousand instances: who has a backup young enough."""

import math

from benchmarks import names, worlds
from benchmarks.figures import Figure, at_most
from benchmarks.samples import take_turns
from benchmarks.scene import Scene

MOST_MS = 300
BACKUPS_EACH = 30
SEEN_SHARE = 0.85
"""How much of a world's fleet Dana sees."""


def measure(scene: Scene) -> list[Figure]:
    """The page beside a bare read of each instance's newest good backup."""
    instances = math.ceil(scene.choices.covered_instances / SEEN_SHARE)
    url = worlds.database(scene.stand, "covered", rows=instances * BACKUPS_EACH, instances=instances)
    dana = scene.visitor(scene.stand.web(url), names.READER)
    taken = take_turns(
        {
            "page": lambda: dana.get("/coverage/").server_ms,
            "floor": lambda: dana.get("/bare/coverage").server_ms,
        },
        rounds=max(scene.choices.repeats // 3, 1),
        warm_up=2,
    )
    page, floor = taken["page"], taken["floor"]
    seen = int(dana.get("/bare/coverage").text)
    queries = float(dana.get("/coverage/", X_Count_Queries="1").headers["x-queries"])
    return [
        Figure(
            f"coverage of {seen:,} instances",
            page.median,
            "ms",
            floor.median,
            "newest of each",
            goal=at_most(MOST_MS),
            spread=page.spread,
        ),
        Figure("coverage: queries", queries, ""),
    ]
