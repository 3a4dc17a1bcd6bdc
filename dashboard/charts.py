"""Figures over time as a picture that the page's own styles draw: places along the axes, worked out here.

Across in percent, so that a picture fits any width with letters that stay readable; down in pixels. A library
of the server is no help: it writes styles into the picture, which the content policy forbids.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from dashboard.days import named

HEIGHT = 132
"""Of the field in which dots stand, in pixels."""

MARGIN = 3
"""Percent left free at both ends, for dots and the words below them."""

EDGE = 6
"""Percent from the end within which words would run over it."""

SHORTEST = timedelta(days=14)
FLATTEST = 0.2
"""The field spans at least this share of the highest value: a ripple is not shown as a wave."""

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
MEGABYTES = tuple(
    step * 1024**power // 1024 for power in (1, 2, 3, 4) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500)
)
"""Steps between lines that people can read."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: its place, on which side of the usual it is, and its words."""

    x: str
    y: str
    side: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A place along an axis, what it stands for, and to which side the words go."""

    place: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Band:
    """The middle half of what is usual."""

    top: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, ready to be drawn."""

    dots: list[Dot]
    path: str
    levels: list[Line]
    days: list[Line]
    band: Band | None

    @property
    def last(self) -> Dot:
        """The newest."""
        return self.dots[-1]


@dataclass(frozen=True, slots=True)
class Value:
    """What is shown of a day: the figure, and on which side of the usual it is."""

    day: date
    figure: float
    side: int = 0


def over_time(
    values: Sequence[Value],
    *,
    until: date,
    usual: tuple[float | None, float | None],
    steps: Sequence[int],
    tell: Callable[[float], str],
) -> Chart | None:
    """The picture of `values`, the oldest first, up to the day `until`; None where there are none."""
    if not values:
        return None
    since = min(values[0].day, until - SHORTEST)
    low, high = usual
    figures = [value.figure for value in values] + [edge for edge in (low, high) if edge is not None]
    field = _Field(since, until, *_levels(min(figures), max(figures), steps))
    dots = [
        Dot(f"{field.x(each.day):.2f}%", f"{field.y(each.figure):.1f}", each.side, _words(each, tell))
        for each in values
    ]
    return Chart(
        dots=dots,
        path=" ".join(f"{field.x(each.day):.2f},{field.y(each.figure):.1f}" for each in values),
        levels=[Line(f"{field.y(level):.1f}", tell(level)) for level in field.levels()],
        days=[_label(field.x(day), named(day, pattern)) for day, pattern in field.days()],
        band=field.band(low, high),
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """From when until when, and from which level by which step to which."""

    since: date
    until: date
    bottom: float
    top: float
    step: float

    def x(self, day: date) -> float:
        share = (day - self.since) / (self.until - self.since)
        return MARGIN + (100 - 2 * MARGIN) * share

    def y(self, figure: float) -> float:
        return HEIGHT * (1 - (figure - self.bottom) / (self.top - self.bottom))

    def levels(self) -> list[float]:
        return [
            self.bottom + self.step * number
            for number in range(round((self.top - self.bottom) / self.step) + 1)
        ]

    def band(self, low: float | None, high: float | None) -> Band | None:
        if low is None or high is None:
            return None
        top = self.y(high)
        return Band(f"{top:.1f}", f"{max(self.y(low) - top, 2):.1f}")

    def days(self) -> Iterator[tuple[date, str]]:
        """Where months begin, or weeks where the time is short; few enough to be read on a phone."""
        if self.until - self.since < timedelta(days=70):
            every = max(round((self.until - self.since).days / 4), 1)
            yield from ((self.until - timedelta(days=every * number), "j M") for number in range(4, -1, -1))
            return
        firsts = [day for day in _firsts_of_months(self.since, self.until) if day > self.since]
        every = ceil(len(firsts) / 6)
        yield from ((day, "M") for day in firsts[(len(firsts) - 1) % every :: every])


def _levels(lowest: float, highest: float, steps: Sequence[int]) -> tuple[float, float, float]:
    """Bottom, top and step of readable levels around the values: about three to five lines."""
    span = max(highest - lowest, highest * FLATTEST, steps[0])
    lowest = max(min(lowest, (lowest + highest - span) / 2), 0.0)
    highest = lowest + max(span, highest - lowest)
    if lowest < highest * 0.4:
        lowest = 0.0
    most = steps[-1] * ceil((highest - lowest) / steps[-1] / 4)
    step = next((step for step in steps if (highest - lowest) / step <= 4), most)
    bottom, top = floor(lowest / step) * step, ceil(highest / step) * step
    return float(bottom), float(max(top, bottom + step)), float(step)


def _firsts_of_months(since: date, until: date) -> Iterator[date]:
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _label(x: float, words: str) -> Line:
    """The words below a day, inside the picture also at its ends."""
    return Line(f"{x:.2f}%", words, "start" if x < EDGE else "end" if x > 100 - EDGE else "middle")


def _words(value: Value, tell: Callable[[float], str]) -> str:
    return f"{named(value.day, 'j M Y')}: {tell(value.figure)}"
