"""What the overview answers: what runs, what waits for the reader, what went wrong, and what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from backups.models import Backup, Instance, Project, Status, User
from backups.models.backup import BackupQuerySet
from backups.models.states import BAD, GOOD, MOVING, values
from backups.queries.history import BackupRow, read_rows

SHOWN = 3
"""So many of each are named; the rest is counted."""

MOST = 100
"""Counted up to here: "more than 99"."""

RECENTLY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Running:
    """What the cloud works on, the first begun first, and what waits for its turn behind it."""

    rows: list[BackupRow]
    busy: int
    queued: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """One backup that failed lately, or that somebody should look at. `is_mended`: a later one is good."""

    row: BackupRow
    is_mended: bool


@dataclass(frozen=True, slots=True)
class Troubles:
    """What somebody should look at first, then what failed in the last week, the newest first."""

    shown: list[Trouble]
    failed: int
    to_look_at: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.failed + self.to_look_at


def in_short(teams: Sequence[int], *, at: datetime) -> tuple[Running, Troubles]:
    """What goes on in `teams`, and what went wrong lately or is to be looked at. Always the same queries."""
    busy, queued = _moving(teams)
    to_look_at, is_mended = _wrong(teams, at=at)
    # What nothing good has followed yet comes first.
    wrong = [*to_look_at, *sorted(is_mended, key=lambda pk: is_mended[pk])][:SHOWN]
    rows = {row.id: row for row in read_rows(Backup.objects.filter(pk__in=[*busy, *queued][:SHOWN] + wrong))}
    moving = [rows[pk] for pk in [*busy, *queued][:SHOWN] if pk in rows]
    shown = [Trouble(rows[pk], is_mended.get(pk, False)) for pk in wrong if pk in rows]
    return Running(moving, len(busy), len(queued)), Troubles(shown, len(is_mended), len(to_look_at))


def _moving(teams: Sequence[int]) -> tuple[list[UUID], list[UUID]]:
    """What the cloud works on, and what waits for its turn, the first asked for first."""
    found = _of(teams).filter(status__in=values(MOVING)).order_by("requested_at", "id")
    moving = list(found.values_list("pk", "status")[: MOST * 2])
    queued = [pk for pk, status in moving if status == Status.QUEUED]
    return [pk for pk, status in moving if status != Status.QUEUED][:MOST], queued[:MOST]


def _wrong(teams: Sequence[int], *, at: datetime) -> tuple[list[UUID], dict[UUID, bool]]:
    """What somebody should look at, however old, and what failed lately with whether a later one is good."""
    asked = Q(needs_decision_at__isnull=False) | ~Q(alarm="")
    look = _of(teams).filter(asked, Q(send_again_by=None) | ~Q(alarm="")).order_by("-requested_at", "-id")
    bad = _of(teams).filter(status__in=values(BAD), requested_at__gte=at - RECENTLY).exclude(asked)
    later = Backup.objects.filter(instance=OuterRef("instance"), requested_at__gt=OuterRef("requested_at"))
    mended = bad.annotate(is_mended=Exists(later.filter(status__in=values(GOOD))))
    failed = mended.order_by("-requested_at", "-id").values_list("pk", "is_mended")[:MOST]
    return list(look.values_list("pk", flat=True)[:MOST]), dict(failed)


def to_settle(teams: Iterable[int]) -> BackupQuerySet:
    """The backups of unknown fate about which somebody in `teams` must decide, the longest waiting first."""
    asked = Backup.objects.filter(team__in=list(teams), needs_decision_at__isnull=False, send_again_by=None)
    return asked.filter(status=Status.UNCONFIRMED).order_by("needs_decision_at", "id")


def newer_than(teams: Sequence[int], mark: UUID) -> int:
    """How many backups of `teams` came in since `mark`, an id as they are made; counts up to 100."""
    return _of(teams).filter(pk__gt=mark)[:MOST].count()


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far a new installation has come, for a reader who has no backup yet."""

    has_project: bool
    has_instance: bool


def beginning(user: User) -> Beginning:
    """What is there of what a first backup needs. Two queries."""
    return Beginning(
        Project.objects.visible_to(user).exists(),
        Instance.objects.visible_to(user).filter(gone_at=None).exists(),
    )


def _of(teams: Sequence[int]) -> BackupQuerySet:
    return Backup.objects.filter(team__in=teams)
