"""The history: the same cost on every page, filtered or not, at any depth, however much there is."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode

from benchmarks import names
from benchmarks.figures import Figure, at_most, ratio_at_most
from benchmarks.samples import Sample, take_turns
from benchmarks.scene import Scene
from benchmarks.visitors import Visitor

MOST_QUERIES = 6
FIRST, DEEP = "first page", "deep page"
ROWS_OF_PAGE = 50


def measure(scene: Scene) -> list[Figure]:
    """Each page's time in the server beside the bare view's, beside the first page's, and its queries."""
    dana, loner = scene.reader, scene.visitor(scene.many, names.LONER)
    elsewhere = scene.visitor(scene.few, names.READER)
    pages = {name: (dana, query) for name, query in queries_of(dana).items()}
    pages["a small team's first page"] = (loner, "")
    few = {name: (elsewhere, query) for name, query in queries_of(elsewhere).items()}
    subjects: dict[str, Callable[[], float]] = {}
    for name, (visitor, query) in pages.items():
        subjects[name] = partial(server_ms, visitor, f"/backups/?{query}")
        subjects[f"bare {name}"] = partial(server_ms, visitor, f"/bare/history?{bare(query)}")
    for name, (visitor, query) in few.items():
        subjects[f"few {name}"] = partial(server_ms, visitor, f"/backups/?{query}")
    taken = take_turns(subjects, rounds=scene.choices.repeats)
    return [
        *(_against_bare(name, taken) for name in pages),
        *(_against_first(name, taken) for name in pages if name != FIRST),
        *(_against_few(name, taken) for name in few),
        *(
            Figure(f"history, {name}: queries", count(*page), "", goal=at_most(MOST_QUERIES))
            for name, page in pages.items()
        ),
    ]


def queries_of(visitor: Visitor) -> dict[str, str]:
    """What the pages are asked by: filters, and the cursor of a page half of all rows deep."""
    marks = dict(parse_qsl(visitor.get("/bare/marks").text))
    return {
        FIRST: "",
        "by status": urlencode({"status": "FAILED"}),
        "by team": urlencode({"team": marks["team"]}),
        "by instance": urlencode({"instance": marks["instance"]}),
        "search, many match": urlencode({"q": "release"}),
        "search, one matches": urlencode({"q": marks["name"]}),
        DEEP: urlencode({"before": marks["cursor"]}),
        "deep page by status": urlencode({"before": marks["cursor"], "status": "FAILED"}),
    }


def bare(query: str) -> str:
    """The same question to the bare view, which reads the cursor's two halves."""
    asked = dict(parse_qsl(query))
    if cursor := asked.pop("before", ""):
        asked["at"], _, asked["before"] = cursor.partition("_")
    return urlencode(asked)


def server_ms(visitor: Visitor, path: str) -> float:
    """What all of Django takes for a page."""
    return visitor.get(path).server_ms


def count(visitor: Visitor, query: str) -> float:
    """How many queries a page makes, signing in included."""
    return float(visitor.get(f"/backups/?{query}", X_Count_Queries="1").headers["x-queries"])


def _against_bare(name: str, taken: dict[str, Sample]) -> Figure:
    return _figure(f"history, {name}", taken[name], taken[f"bare {name}"], "bare view", 2.0)


def _against_first(name: str, taken: dict[str, Sample]) -> Figure:
    return _figure(f"history, {name}: as the first", taken[name], taken[FIRST], FIRST, 1.2)


def _against_few(name: str, taken: dict[str, Sample]) -> Figure:
    return _figure(
        f"history, {name}: however much", taken[name], taken[f"few {name}"], "1 % of the rows", 1.2
    )


def _figure(what: str, subject: Sample, floor: Sample, floor_of: str, most: float) -> Figure:
    return Figure(
        what, subject.median, "ms", floor.median, floor_of, goal=ratio_at_most(most), spread=subject.spread
    )
