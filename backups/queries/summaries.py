"""What the kept daily summaries say: figures by day that cost the same however long the history is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Sum

from backups.models import DayOutcome, Instance, InstanceTally, TeamTally

MONTHS_OF_DAYS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Day:
    """How many of the backups of a UTC day came to which end."""

    day: date
    good: int = 0
    failed: int = 0
    other: int = 0

    @property
    def count(self) -> int:
        """All that came to an end."""
        return self.good + self.failed + self.other


@dataclass(frozen=True, slots=True)
class InstanceDay:
    """The good backups of an instance on a UTC day, and their average seconds and MB; None where unknown."""

    day: date
    count: int
    seconds: float | None
    size_mb: float | None


def year_before(at: datetime) -> date:
    """The UTC day a year before `at`."""
    return at.astimezone(UTC).date() - MONTHS_OF_DAYS


def of_teams(teams: Sequence[int], *, since: date) -> dict[date, Day]:
    """Each day from `since` on with a backup of `teams` that is over, oldest first. One query."""
    kept = TeamTally.objects.filter(team__in=teams, day__gte=since).order_by("day")
    found: dict[date, dict[str, int]] = {}
    for day, outcome, count in kept.values_list("day", "outcome").annotate(Sum("count")):
        if count:
            found.setdefault(day, {})[DayOutcome(outcome).value] = count
    return {day: Day(day, **counts) for day, counts in found.items()}


def of_instance(instance: Instance, *, since: date) -> list[InstanceDay]:
    """Each day from `since` on with a good backup of `instance`, oldest first. One query."""
    kept = InstanceTally.objects.filter(instance=instance, day__gte=since).order_by("day")
    sums = kept.values_list("day").annotate(*(Sum(name) for name in SUMS))
    return [
        InstanceDay(day, count, _average(seconds, timed), _average(size_mb, sized))
        for day, count, timed, seconds, sized, size_mb in sums
        if count
    ]


SUMS = ("count", "timed", "seconds", "sized", "size_mb")


def _average(total: float, count: int) -> float | None:
    return float(total) / count if count else None
