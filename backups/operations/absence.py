"""What the cloud's list does not show any more (faults.md, rule 4: only a whole list can say so)."""

from collections.abc import Sequence, Set
from datetime import datetime

from django.db.models import F
from django.db.models.query import QuerySet

from backups.models import Backup, Project, Source, Status
from backups.models.states import LISTED, values
from backups.operations import audit, pace, transitions


def doubted(project: Project, *, at: datetime) -> Backup | None:
    """The backup that has been missing longest, where it is time to look again."""
    missing = _listed(project).filter(missing_since__lte=at - pace.look_horizon())
    return missing.order_by("missing_since", "id").first()


def conclude(project: Project, begin: datetime, end: datetime, shown: Set[str], *, at: datetime) -> int:
    """Compare our rows that began from `begin` to `end` with a whole list of that time; how many have gone.

    One that is missing is looked for again; gone is what several whole lists over the whole horizon did not
    show.
    """
    rows = (
        _listed(project)
        .filter(begin_time__gte=begin, begin_time__lte=end)
        .only("team_id", "cloud_id", "status", "fence", "source", "missing_since", "looks")
    )
    missing = [row for row in rows if row.cloud_id not in shown]
    gone = [row for row in missing if _is_gone(row, at=at)]
    with audit.act():
        fresh = [row.pk for row in missing if row.missing_since is None]
        again = {row.pk for row in missing} - {row.pk for row in gone} - set(fresh)
        Backup.objects.filter(pk__in=fresh).update(missing_since=at, looks=1)
        Backup.objects.filter(pk__in=again).update(looks=F("looks") + 1)
        _note_gone(project, gone, at=at)
    return len(gone)


def start_over(project: Project, begin: datetime, end: datetime, *, at: datetime) -> None:
    """The list of that time would not stand still: what was missing in it has to be missing anew."""
    rows = _listed(project).filter(begin_time__gte=begin, begin_time__lte=end, missing_since__isnull=False)
    rows.update(missing_since=at, looks=0)


def _listed(project: Project) -> QuerySet[Backup]:
    return Backup.objects.filter(
        team=project.team_id,
        instance__project=project,
        cloud_id__isnull=False,
        gone_at=None,
        status__in=values(LISTED),
    )


def _is_gone(row: Backup, *, at: datetime) -> bool:
    if row.missing_since is None:
        return False
    return at - row.missing_since >= pace.look_horizon() and row.looks + 1 >= pace.LOOKS_BEFORE_ASKING


def _note_gone(project: Project, gone: Sequence[Backup], *, at: datetime) -> None:
    """A backup that had failed stays so; the others have vanished. The rows and their history stay."""
    failed = [row for row in gone if row.status == Status.FAILED]
    since = {"gone_at": F("missing_since"), "missing_since": None, "looks": 0}
    Backup.objects.filter(pk__in=[row.pk for row in failed], status=Status.FAILED).update(**since)
    for row in failed:
        audit.record("gone", team_id=row.team_id, at=at, backup=row, project=project)
    asked = [row for row in gone if row.status != Status.FAILED and row.source == Source.HERE]
    found = [row for row in gone if row.status != Status.FAILED and row.source != Source.HERE]
    transitions.move_all(asked, Status.VANISHED, verb="vanished", at=at, project=project, **since)
    transitions.move_all(found, Status.VANISHED, verb="gone", at=at, project=project, **since)
