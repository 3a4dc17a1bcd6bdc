"""Bringing our backups up to what a project's cloud lists: the newest often, the past round and round.

    newest   what began since `catalog_until`, which everything before has been read to, less a margin
    past     window after window backward from now, about a thousand backups each; then round again

A step reads one window: a bounded number of calls, after which the project is due again at once or later.
What has been reached is kept in the project's row, so that a killed sync goes on where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Least

from backups import cloud
from backups.models import Project
from backups.operations import absence, adopting, audit, connections, continuity, pace, reach, wake

SYNC_EVERY = timedelta(minutes=10)
LEASE = timedelta(minutes=2)
AFTER_INSTANCES = timedelta(seconds=5)

LAG = timedelta(minutes=30)
"""How late a backup may come to be listed, with clocks that differ: so much of the newest is read again."""

AHEAD = timedelta(days=1)
FIRST = datetime(2010, 1, 1, tzinfo=UTC)
"""There was no such cloud before."""

EDGE = timedelta(seconds=5)
"""The list is asked for a little more than is concluded on: a cloud may round its times, or leave out an edge
of them."""

NARROWEST = timedelta(seconds=1)
MOST = 1000
AIM = 0.8
WIDEN_AT_MOST = 4
ROUND = timedelta(days=1)
"""In how long the past is read once, where a day's calls allow it."""

SHORTEST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the list: what began from `begin` to `end`."""

    begin: datetime
    end: datetime

    @property
    def width(self) -> timedelta:
        """How much time it spans."""
        return self.end - self.begin

    def narrowed_to_begin(self, share: float) -> "Window":
        """That share of it, or at most half, which begins where it begins."""
        return Window(self.begin, self.begin + self._narrowed(share))

    def narrowed_to_end(self, share: float) -> "Window":
        """That share of it, or at most half, which ends where it ends."""
        return Window(self.end - self._narrowed(share), self.end)

    def _narrowed(self, share: float) -> timedelta:
        seconds = int(self.width.total_seconds() * min(share, 0.5))
        return max(timedelta(seconds=seconds), NARROWEST)

    def is_about(self, record: cloud.BackupRecord) -> bool:
        """Whether a list of this window may show the backup, clocks and zones allowed for."""
        begun = record.begin_time
        return begun is None or self.begin - AHEAD <= begun <= self.end + AHEAD

    @property
    def is_narrowest(self) -> bool:
        """Whether it cannot be halved."""
        return self.width <= NARROWEST

    def holds(self, record: cloud.BackupRecord) -> bool:
        """Whether a backup counts as of this window, not of the one beside it."""
        return record.begin_time is None or self.begin <= record.begin_time < self.end


@dataclass(slots=True)
class Reading:
    """What reading a window came to."""

    tally: cloud.Tally = field(default_factory=cloud.Tally)
    held: int = 0
    is_all_placed: bool = True
    has_too_many: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read and written, and the list stood still meanwhile."""
        return self.tally.is_whole and self.is_all_placed

    @property
    def size(self) -> int:
        """How many it has, as far as is known."""
        return max(self.tally.total or 0, len(self.tally.ids))


def make_due(project: Project, *, at: datetime) -> None:
    """Have the newest and a part of the past read now."""
    Project.objects.filter(pk=project.pk).update(newest_due_at=at, sweep_due_at=at, next_catalog_at=at)
    wake.catalog(project.pk)


def read_on(project: Project, *, at: datetime) -> None:
    """Have the next window of the past read now, whatever the pace of a round."""
    Project.objects.filter(pk=project.pk).update(sweep_due_at=at, next_catalog_at=at)


def sync(project_pk: UUID, *, at: datetime) -> bool:
    """Take the next step of the project's catalogue, where one is due; whether it was.

    A list that fails is no proof of anything: what came is kept, and the project says why it failed.
    """
    claimed = Project.objects.filter(pk=project_pk, next_catalog_at__lte=at)
    if not claimed.update(next_catalog_at=at + LEASE):
        return False
    project = Project.objects.select_related("team", "credential").get(pk=project_pk)
    hold = reach.admit(project, at=at)
    if hold or project.synced_at is None:
        _put_off(project, until=hold.until if hold else at + AFTER_INSTANCES)
        return True
    continuity.check(at=at)
    try:
        _step(project, at=at)
    except cloud.CloudError as error:
        _note_failure(project, error, at=at)
    else:
        Project.objects.filter(pk=project.pk).update(next_catalog_at=Least("newest_due_at", "sweep_due_at"))
        project.refresh_from_db(fields=["next_catalog_at"])
        if project.next_catalog_at <= at:
            wake.catalog(project.pk)
    return True


def sync_all(project_pk: UUID, *, at: datetime) -> None:
    """Take every step that is due at `at`, such as the whole first reading of a project."""
    while sync(project_pk, at=at):
        pass


def _step(project: Project, *, at: datetime) -> None:
    if project.newest_due_at <= at:
        _read_newest(project, project.catalog_until or at, at=at)
    elif doubted := absence.doubted(project, at=at):
        _look_again(project, doubted.begin_time or at, at=at)
    else:
        _sweep(project, at=at)


def _read_newest(project: Project, until: datetime, *, at: datetime) -> None:
    """Read on from where everything is known, in several steps where much has come since."""
    asked = Window(min(until, at) - LAG, at + AHEAD)
    window, reading = _read_bounded(project, asked, narrow=Window.narrowed_to_begin, at=at)
    reached = min(window.end, at)
    if not reading.is_whole:
        # It moves while it is read: nothing is missed, since the next reading begins where this one did.
        _keep(project, newest_due_at=at + SYNC_EVERY)
    elif reached < at:
        _keep(project, catalog_until=reached)
    else:
        _keep(project, catalog_until=at, newest_due_at=at + SYNC_EVERY, catalog_synced_at=at)


def _look_again(project: Project, begun: datetime, *, at: datetime) -> None:
    """Look once more for what was missing, and for all that is missing around it."""
    width = timedelta(seconds=project.sweep_seconds) if project.sweep_seconds else ROUND
    asked = Window(begun, begun + width)
    window, reading = _read_bounded(project, asked, narrow=Window.narrowed_to_begin, at=at)
    if reading.tally.is_whole:
        absence.conclude(project, window.begin, window.end, reading.tally.ids, at=at)
    else:
        absence.start_over(project, window.begin, window.end, at=at)


def _sweep(project: Project, *, at: datetime) -> None:
    """Read the next window of the past."""
    end = project.sweep_at or (at + AHEAD).replace(microsecond=0)
    width = timedelta(seconds=project.sweep_seconds) if project.sweep_seconds else end - FIRST
    asked = Window(max(FIRST, end - width), end)
    window, reading = _read_bounded(project, asked, narrow=Window.narrowed_to_end, at=at)
    if not reading.tally.is_whole and not window.is_narrowest:
        # It moves while it is read; half as wide it stands still sooner.
        _keep(project, sweep_seconds=int(window.width.total_seconds() / 2))
        return
    if reading.tally.is_whole:
        absence.conclude(project, window.begin, window.end, reading.tally.ids, at=at)
    _go_on(project, window, reading, at=at)


def _go_on(project: Project, window: Window, reading: Reading, *, at: datetime) -> None:
    seen = project.sweep_seen + reading.held
    is_over = window.begin <= FIRST
    is_urgent = project.swept_at is None and not is_over
    due = {"sweep_due_at": at if is_urgent else at + _pause(project, reading.held)}
    if not is_over:
        seconds = int(window.width.total_seconds() * _growth(reading.held))
        _keep(project, sweep_at=window.begin, sweep_seconds=max(seconds, 1), sweep_seen=seen, **due)
        return
    with audit.act():
        if project.swept_at is None:
            audit.record(
                "history_read", team_id=project.team_id, at=at, project=project, data={"count": seen}
            )
        beginning = {"sweep_at": None, "sweep_seconds": None, "sweep_seen": 0}
        _keep(project, **beginning, swept_at=at, backups_listed=seen, **due)


def _growth(held: int) -> float:
    """How much wider the next window may be than one that held so many."""
    return min(MOST * AIM / held, WIDEN_AT_MOST) if held else WIDEN_AT_MOST


def _pause(project: Project, held: int) -> timedelta:
    """Until the next window, so that a round takes a day."""
    share = held / (project.backups_listed or 1)
    return min(max(ROUND * share, SHORTEST_PAUSE), LONGEST_PAUSE)


def _read_bounded(
    project: Project, window: Window, *, narrow: Callable[[Window, float], Window], at: datetime
) -> tuple[Window, Reading]:
    """Read `window`, narrowed until it holds no more than one step can read."""
    reading = _read(project, window, at=at)
    if window.begin == FIRST and project.sweep_at is None:
        _keep(project, backups_listed=reading.size)
    while reading.has_too_many:
        window = narrow(window, MOST * AIM / reading.size)
        reading = _read(project, window, at=at)
    return window, reading


def _read(project: Project, window: Window, *, at: datetime) -> Reading:
    """Take in the pages of `window` as they come; one that holds too many is given up after the first."""
    reading = Reading()
    came: list[cloud.BackupRecord] = []
    try:
        with reach.calling(project, at=at) as client:
            pages = client.pages_of_backups(
                begin_time=window.begin - EDGE, end_time=window.end + EDGE, tally=reading.tally
            )
            for page in pages:
                came += page
                if reading.size > MOST and not window.is_narrowest:
                    reading.has_too_many = True
                    break
    finally:
        _take(project, window, reading, came, at=at)
    if not all(window.is_about(record) for record in came):
        raise cloud.CloudAmbiguous(
            "the list does not keep to the times it was asked for", at_step="list_backups"
        )
    return reading


def _take(
    project: Project, window: Window, reading: Reading, came: list[cloud.BackupRecord], *, at: datetime
) -> None:
    taken = adopting.take(project, came, at=at)
    reading.is_all_placed = taken.is_all
    reading.held = len({record.id for record in came if window.holds(record)})
    if taken.new:
        Project.objects.filter(pk=project.pk).update(backups_found=F("backups_found") + taken.new)


def _keep(project: Project, **reached: Any) -> None:
    Project.objects.filter(pk=project.pk).update(**reached, catalog_error="")


def _put_off(project: Project, *, until: datetime) -> None:
    Project.objects.filter(pk=project.pk).update(next_catalog_at=until)


def _note_failure(project: Project, error: cloud.CloudError, *, at: datetime) -> None:
    """Once it is tried again soon; what fails again waits for the next sync. Our own pace is no failure."""
    wait = pace.before_next_attempt(error, attempts=1)
    if isinstance(error, cloud.CloudNotSent) and error.is_our_own:
        _put_off(project, until=at + wait)
        return
    wait = max(wait, SYNC_EVERY) if project.catalog_error else wait
    Project.objects.filter(pk=project.pk).update(
        catalog_error=connections.in_one_sentence(error), next_catalog_at=at + wait
    )
