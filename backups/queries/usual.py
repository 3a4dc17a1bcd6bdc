"""What is usual for an instance, from its own recent past, and which of its runs were not."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from backups.models import Backup, Instance
from backups.models.states import GOOD, in_sql, values

RUNS = 20
"""Of how many good backups the usual is made."""

ENOUGH = 8
"""With fewer nothing is out of the usual yet."""

FENCE = 1.5
"""How many spreads away from the middle half is out of the usual (Tukey's fences)."""

SLACK = 0.1
"""A run this near to the median is usual, however little the others vary."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Of the last good backups: median seconds and MB, and the middle half of them; None if unknown."""

    count: int = 0
    seconds: float | None = None
    size_mb: float | None = None
    seconds_from: float | None = None
    seconds_to: float | None = None
    size_mb_from: float | None = None
    size_mb_to: float | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the past is long enough to say what is out of the usual."""
        return self.count >= ENOUGH


class Run(NamedTuple):
    """What a backup took and weighed; None where that is unknown."""

    seconds: float | None
    size_mb: float | None


class Odd(NamedTuple):
    """How a run compares with what was usual by then: -1 less, 0 as usual or unknown, 1 more."""

    seconds: int = 0
    size_mb: int = 0


def of(instance: Instance) -> Usual:
    """What the last 20 good backups of `instance` took and weighed."""
    return by_instance([instance.pk]).get(instance.pk, Usual())


def by_instance(instances: Sequence[UUID]) -> dict[UUID, Usual]:
    """What is usual for each of `instances` that has a past, in one read."""
    if not instances:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LAST_TWENTY, {"instances": list(instances)})
        return {pk: Usual(*figures) for pk, *figures in cursor.fetchall()}


def odd_rows(instance: Instance, *, newest: datetime, rows: int) -> dict[UUID, Odd]:
    """The runs out of the usual among the `rows` backups of `instance` up to the one asked for at `newest`.

    Each is compared with the 20 good ones before it. One bounded query.
    """
    ended = Backup.objects.filter(instance=instance, status__in=values(GOOD), requested_at__lte=newest)
    timed = ended.filter(begin_time__isnull=False, end_time__isnull=False).order_by("-requested_at", "-id")
    found = timed.annotate(took=F("end_time") - F("begin_time")).values_list("pk", "took", "size_mb")
    runs = list(reversed(found[: rows + RUNS]))
    told = list(odd(Run(took.total_seconds(), size_mb) for _, took, size_mb in runs))
    return {pk: each for (pk, *_), each in list(zip(runs, told, strict=True))[-rows:] if any(each)}


def before(backup: Backup) -> Usual:
    """What was usual for the instance when `backup` was asked for: the 20 good ones before it."""
    asked: dict[str, Any] = {"instance": backup.instance_id, "at": backup.requested_at, "pk": backup.pk}
    with connection.cursor() as cursor:
        cursor.execute(TWENTY_BEFORE, asked)
        return Usual(*cursor.fetchone())


def against(run: Run, past: Usual) -> Odd:
    """How `run` compares with what was usual."""
    if not past.is_enough:
        return Odd()
    return Odd(
        _side(run.seconds, past.seconds_from, past.seconds, past.seconds_to),
        _side(run.size_mb, past.size_mb_from, past.size_mb, past.size_mb_to),
    )


def odd(runs: Iterable[Run]) -> Iterator[Odd]:
    """How each of `runs`, the oldest first, compares with the 20 before it."""
    seconds, sizes = _Window(), _Window()
    for run in runs:
        yield Odd(seconds.judge(run.seconds), sizes.judge(run.size_mb))


class _Window:
    """The last 20 values, kept in order."""

    def __init__(self) -> None:
        self._values: deque[float] = deque()
        self._sorted: list[float] = []

    def judge(self, value: float | None) -> int:
        """On which side of the usual `value` is; it belongs to the past of the next."""
        if value is None:
            return 0
        side = _side(value, *self._quartiles()) if len(self._values) >= ENOUGH else 0
        self._values.append(value)
        self._sorted.insert(bisect_left(self._sorted, value), value)
        if len(self._values) > RUNS:
            del self._sorted[bisect_left(self._sorted, self._values.popleft())]
        return side

    def _quartiles(self) -> Iterator[float]:
        """As the database's percentile_cont."""
        for share in (0.25, 0.5, 0.75):
            low, rest = divmod(share * (len(self._sorted) - 1), 1)
            at = int(low)
            above = self._sorted[min(at + 1, len(self._sorted) - 1)]
            yield self._sorted[at] + rest * (above - self._sorted[at])


def _side(value: float | None, low: float | None, middle: float | None, high: float | None) -> int:
    if value is None or low is None or middle is None or high is None:
        return 0
    reach = FENCE * (high - low)
    if value > max(high + reach, middle * (1 + SLACK)):
        return 1
    return -1 if value < min(low - reach, middle * (1 - SLACK)) else 0


PAST = f"""
    SELECT extract(epoch FROM end_time - begin_time)::float8 AS seconds, size_mb
    FROM backups_backup
    WHERE instance_id = {{instance}} AND status IN ({in_sql(GOOD)})
      AND begin_time IS NOT NULL AND end_time IS NOT NULL
    ORDER BY requested_at DESC, id DESC
    LIMIT 20
"""

FIGURES = """
       count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.seconds),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.size_mb),
       percentile_cont(0.25) WITHIN GROUP (ORDER BY past.seconds),
       percentile_cont(0.75) WITHIN GROUP (ORDER BY past.seconds),
       percentile_cont(0.25) WITHIN GROUP (ORDER BY past.size_mb),
       percentile_cont(0.75) WITHIN GROUP (ORDER BY past.size_mb)
"""
"""What `Usual` names, one by one."""

LAST_TWENTY = """
SELECT wanted.id, {figures}
FROM unnest(%(instances)s::uuid[]) AS wanted (id), LATERAL ({past}) AS past
GROUP BY wanted.id
""".format(figures=FIGURES, past=PAST.format(instance="wanted.id"))

TWENTY_BEFORE = "SELECT {figures} FROM ({past}) AS past".format(
    figures=FIGURES, past=PAST.format(instance="%(instance)s AND (requested_at, id) < (%(at)s, %(pk)s)")
)

SECONDS = f"""
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY past.seconds)
FROM ({PAST.format(instance="b.instance_id")}) AS past
"""
"""What is usual for the instance of `b`, inside a query that reads backups."""
