"""What was measured, against which floor, and what it should be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of a figure's value, or of its ratio to the floor."""

    bound: float
    of_ratio: bool = False
    is_least: bool = False

    def is_met_by(self, measured: float) -> bool:
        """Whether what was measured keeps the bound."""
        return measured >= self.bound if self.is_least else measured <= self.bound

    def words(self, unit: str) -> str:
        """The bound as the table shows it."""
        sign = "≥" if self.is_least else "≤"
        return f"{sign} {self.bound:g}{' x' if self.of_ratio else f' {unit}'}"


def at_most(bound: float) -> Goal:
    """The value is at most this."""
    return Goal(bound)


def ratio_at_most(bound: float) -> Goal:
    """The value is at most so many times its floor."""
    return Goal(bound, of_ratio=True)


def ratio_at_least(bound: float) -> Goal:
    """The value is at least so much of its floor."""
    return Goal(bound, of_ratio=True, is_least=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `spread`: the middle half of all that was measured, in the unit of `value`."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    floor_of: str = ""
    goal: Goal | None = None
    spread: tuple[float, float] | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        measured = self.ratio if self.goal.of_ratio else self.value
        return measured is not None and self.goal.is_met_by(measured)

    def as_json(self) -> dict[str, Any]:
        """The figure as the file keeps it."""
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "spread": self.spread,
            "floor": self.floor,
            "floor_of": self.floor_of,
            "ratio": self.ratio,
            "goal": self.goal.words(self.unit) if self.goal else None,
            "is_met": self.is_met,
        }


HEADS = ("figure", "value", "middle half", "floor", "ratio", "goal", "")


def table(figures: Iterable[Figure]) -> str:
    """All figures, one line each."""
    lines = [HEADS, *(_cells(figure) for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    told = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([told[0], "-" * len(told[0]), *told[1:]])


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    return (
        figure.what,
        f"{_number(figure.value)} {figure.unit}".strip(),
        " - ".join(_number(each) for each in figure.spread) if figure.spread else "",
        f"{_number(figure.floor)} ({figure.floor_of})" if figure.floor is not None else "",
        f"{figure.ratio:.2f} x" if figure.ratio is not None else "",
        figure.goal.words(figure.unit) if figure.goal else "",
        met,
    )


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
