"""A year of days as a page shows it: weeks side by side, each day with its look and its words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups.queries.summaries import Day
from dashboard.days import named

WEEKS = 53
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: how it looks, what it says, and where its backups are listed; no words where none are."""

    day: date
    look: str = "none"
    words: str = ""
    link: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month over its weeks, and what its days came to together."""

    name: str
    title: str
    weeks: int
    total: Day


@dataclass(frozen=True, slots=True)
class Calendar:
    """Seven lines of days, Monday first; None where a week has begun or not ended. `total` of all days."""

    lines: list[tuple[str, list[Cell | None]]]
    months: list[Month]
    total: Day
    today: Cell


def first_day(today: date) -> date:
    """The Monday with which the calendar begins."""
    return today - timedelta(days=today.weekday()) - timedelta(weeks=WEEKS - 1)


def year(days: Mapping[date, Day], *, today: date) -> Calendar:
    """The calendar of the 53 weeks that end with the one of `today`."""
    first = first_day(today)
    weeks = [[first + timedelta(weeks=week, days=weekday) for week in range(WEEKS)] for weekday in range(7)]
    cells = [
        (
            named(line[0], "D"),
            [cell(days.get(day, Day(day)), today=today) if day <= today else None for day in line],
        )
        for line in weeks
    ]
    return Calendar(
        lines=cells,
        months=_months(days, [first + timedelta(weeks=week) for week in range(WEEKS)]),
        total=_sum(today, days.values()),
        today=cell(days.get(today, Day(today)), today=today),
    )


def cell(told: Day, *, today: date) -> Cell:
    """One day of the calendar."""
    if not told.count:
        return Cell(told.day, is_today=told.day == today)
    name = named(told.day, "l j F Y")
    return Cell(told.day, look(told), f"{name}: {in_words(told)}", _link(told.day), told.day == today)


def look(told: Day) -> str:
    """How a day looks: what failed is seen before what went well."""
    if told.failed:
        return "mixed" if told.good else "failed"
    return "good" if told.good else "other"


def in_words(told: Day) -> str:
    """What a day, or many, came to."""
    parts = [
        ngettext("%(count)d good", "%(count)d good", told.good) % {"count": told.good},
        ngettext("%(count)d failed", "%(count)d failed", told.failed) % {"count": told.failed},
        ngettext("%(count)d not carried out", "%(count)d not carried out", told.other)
        % {"count": told.other},
    ]
    counts = (told.good, told.failed, told.other)
    return ", ".join(part for part, count in zip(parts, counts, strict=True) if count) or _("no backup")


def _months(days: Mapping[date, Day], mondays: list[date]) -> list[Month]:
    """Each month in which a week begins, with how many do."""
    begun: dict[tuple[int, int], list[date]] = {}
    for monday in mondays:
        begun.setdefault((monday.year, monday.month), []).append(monday)
    return [
        Month(
            name=named(weeks[0], "M"),
            title=named(weeks[0], "F Y"),
            weeks=len(weeks),
            total=_sum(
                weeks[0], [told for day, told in days.items() if (day.year, day.month) == (year, month)]
            ),
        )
        for (year, month), weeks in begun.items()
    ]


def _sum(day: date, days: Collection[Day]) -> Day:
    return Day(day, *(sum(getattr(each, name) for each in days) for name in ("good", "failed", "other")))


def _link(day: date) -> str:
    return f"{reverse('backup-list')}?since={day}T00:00:00Z&until={day + DAY}T00:00:00Z"
