"""Live lists: what a poll that finds nothing costs, and a thousand of them open at once."""

import html
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

import psycopg

from benchmarks import names, open_lists
from benchmarks.figures import Figure, at_most, ratio_at_least
from benchmarks.load import answers_per_second, pool, request
from benchmarks.open_lists import Poll, Told
from benchmarks.samples import Sample, take_turns
from benchmarks.scene import Scene
from benchmarks.visitors import Visitor

FLOOR = "/bare/signed-in"
ASKING = re.compile(r'hx-get="([^"]+)"[^>]*hx-trigger="every (\d+)s')
QUIET_SECONDS, MOVING_SECONDS = 15.0, 1.0
SLICE_SECONDS = 2.0
SIGNED_IN = 20
NEWS_EVERY_SECONDS = 5.0
TOUCH = """
UPDATE backups_backup SET progress_percent = (coalesce(progress_percent, 0) + 1) % 100
WHERE status = 'BUILDING'
"""


def measure(scene: Scene) -> list[Figure]:
    """The quiet poll beside the cheapest signed-in view, then a thousand pages left open."""
    people = [scene.visitor(scene.many, names.PERSON.format(number)) for number in range(SIGNED_IN)]
    with pool() as makers:
        return [
            *_one_at_a_time(scene),
            *_as_much_as_goes(scene, makers, people),
            *_left_open(scene, makers, people),
        ]


def polls_of(visitor: Visitor) -> dict[str, float]:
    """What a page of the history asks by itself, and after how many seconds again."""
    page = visitor.get("/backups/").text
    return {html.unescape(path): float(every) for path, every in ASKING.findall(page)}


def list_poll(visitor: Visitor) -> str:
    """What the list itself asks, as long as nothing changes."""
    return next(path for path in polls_of(visitor) if path.startswith("/backups/live"))


def _one_at_a_time(scene: Scene) -> list[Figure]:
    poll, visitor = list_poll(scene.reader), scene.reader
    taken = take_turns(
        {
            "poll": lambda: visitor.get(poll).server_ms,
            "floor": lambda: visitor.get(FLOOR).server_ms,
        },
        rounds=scene.choices.repeats * 3,
    )
    queries = [float(visitor.get(path, X_Count_Queries="1").headers["x-queries"]) for path in (poll, FLOOR)]
    return [
        Figure(
            "quiet poll, alone",
            taken["poll"].median,
            "ms",
            taken["floor"].median,
            "signed-in 204",
            spread=taken["poll"].spread,
        ),
        Figure(
            "quiet poll: queries", queries[0], "", queries[1], "signed-in 204", goal=at_most(queries[1] + 1)
        ),
    ]


def _as_much_as_goes(scene: Scene, makers: ProcessPoolExecutor, people: list[Visitor]) -> list[Figure]:
    port = scene.many.port
    poll = [request(list_poll(person), person.cookie) for person in people]
    floor = [request(FLOOR, person.cookie) for person in people]
    slice_seconds = min(SLICE_SECONDS, scene.choices.seconds / 4)
    rounds = max(round(scene.choices.seconds / (2 * slice_seconds)), 2)
    taken = take_turns(
        {
            "poll": partial(answers_per_second, makers, port, poll, slice_seconds),
            "floor": partial(answers_per_second, makers, port, floor, slice_seconds),
        },
        rounds=rounds,
        warm_up=1,
    )
    return [
        Figure(
            "quiet poll, as many as go",
            taken["poll"].median,
            "/s",
            taken["floor"].median,
            "signed-in 204",
            goal=ratio_at_least(0.6),
            spread=taken["poll"].spread,
        )
    ]


def _left_open(scene: Scene, makers: ProcessPoolExecutor, people: list[Visitor]) -> list[Figure]:
    lists = scene.choices.lists
    asked = [(person.cookie, polls_of(person)) for person in people]
    quiet, moving = [], []
    for number in range(lists):
        cookie, polls = asked[number % len(asked)]
        for path, every in polls.items():
            is_list = path.startswith("/backups/live")
            quiet.append(Poll(path, cookie, QUIET_SECONDS if is_list else every))
            moving.append(Poll(path, cookie, MOVING_SECONDS if is_list else every))
    port, seconds = scene.many.port, scene.choices.seconds
    calm = makers.submit(open_lists.run, port, quiet, seconds).result()
    with _news(scene.many.database_url):
        busy = makers.submit(open_lists.run, port, moving, seconds).result()
    return [
        *_told(f"{lists:,} open lists, quiet", calm, seconds, bound=250),
        *_told(f"{lists:,} open lists, moving", busy, seconds, bound=None),
    ]


def _told(what: str, told: Told, seconds: float, *, bound: float | None) -> Iterator[Figure]:
    sample = Sample(told.took_ms or [seconds * 1000])  # nothing came: later than all of the run
    goal = at_most(bound) if bound else None
    yield Figure(f"{what}: p95", sample.quantile(0.95), "ms", goal=goal, spread=sample.spread)
    yield Figure(f"{what}: answers", len(told.took_ms) / seconds, "/s")
    yield Figure(f"{what}: with news", told.with_news / max(len(told.took_ms), 1) * 100, "%")
    lost = told.unanswered + told.refused
    yield Figure(f"{what}: late or refused", lost, "", goal=at_most(0) if bound else None)


@contextmanager
def _news(database_url: str) -> Iterator[None]:
    """All that runs goes on every few seconds, as the progress of backups does."""
    is_over = threading.Event()

    def touch() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not is_over.wait(NEWS_EVERY_SECONDS):
                connection.execute(TOUCH)

    writer = threading.Thread(target=touch)
    writer.start()
    try:
        yield
    finally:
        is_over.set()
        writer.join()
