"""What a reader jumps to: instances, backups and projects by a part of their name, or by an id of the cloud.

A search of the history is bounded however long it is. Per team it reads

1. up to `BACKUPS` names that begin with what was typed, from an index in the order of the names, the last
   ones first: names that end in a date begin with the newest;
2. of the `RECENT` newest backups those whose name has it anywhere;
3. the backups whose id in the cloud begins with it, once that is long enough to be rare.

Whoever wants more than that searches the history itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.functions import Collate, Lower

from backups.models import Backup, Instance, Project, Status, Team, User
from backups.models.backup import BackupQuerySet
from backups.models.people import TeamQuerySet

INSTANCES = 6
BACKUPS = 6
PROJECTS = 4
RECENT = 500
RARE_FROM = 6
BEHIND_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class InstanceHit:
    """An instance that was meant, perhaps."""

    id: UUID
    cloud_id: str
    name: str
    environment: str
    gone_at: datetime | None
    team_id: int
    team_name: str


@dataclass(frozen=True, slots=True)
class BackupHit:
    """A backup that was meant, perhaps."""

    id: UUID
    name: str
    status: Status
    requested_at: datetime
    instance_name: str


@dataclass(frozen=True, slots=True)
class ProjectHit:
    """A project that was meant, perhaps."""

    id: UUID
    name: str
    region: str
    team_name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` came upon, best first. `teams`: the reader's, by name, found or not."""

    teams: list[Team]
    instances: list[InstanceHit]
    backups: list[BackupHit]
    projects: list[ProjectHit]


def find(user: User, q: str) -> Found:
    """What `user` may see and may mean by `q`; the newest backups where it is empty. At most four queries."""
    q = q.replace("\0", "").strip().lower()
    teams = list(_with_ids(Team.objects.visible_to(user).order_by("name"), q))
    return Found(
        teams=teams,
        instances=_instances(user, q) if q else [],
        backups=_backups({pk for team in teams for pk in _ids_of(team)}, q),
        projects=_projects(user, q) if q else [],
    )


def _with_ids(teams: TeamQuerySet, q: str) -> TeamQuerySet:
    """The teams, each with the ids of its backups that may be meant."""
    of_team = Backup.objects.filter(team=OuterRef("pk"))
    newest = of_team.order_by("-requested_at", "-id")
    if not q:
        return teams.annotate(recent=_ids(newest[:BACKUPS]))
    lately = Backup.objects.filter(team=OuterRef(OuterRef("pk"))).order_by("-requested_at", "-id")
    has_it = newest.filter(pk__in=lately[:RECENT].values("pk"), name__icontains=q)
    lowered = of_team.annotate(lowered=Collate(Lower("name"), "C"))
    begins = lowered.filter(lowered__gte=q, lowered__lt=q + BEHIND_ALL).order_by("-lowered")
    found = {"recent": _ids(has_it[:BACKUPS]), "begins": _ids(begins[:BACKUPS])}
    if len(q) >= RARE_FROM:
        found["in_cloud"] = _ids(of_team.filter(cloud_id__startswith=q)[:BACKUPS])
    return teams.annotate(**found)


def _ids(backups: BackupQuerySet) -> ArraySubquery:
    return ArraySubquery(backups.values("pk"))


def _ids_of(team: Team) -> Iterator[UUID]:
    for way in ("recent", "begins", "in_cloud"):
        yield from getattr(team, way, ())


def _backups(ids: set[UUID], q: str) -> list[BackupHit]:
    """Exactly that name first, then what begins with it, then the rest; of each the newest first."""
    found = (
        Backup.objects.filter(pk__in=ids)
        .select_related("instance")
        .only("name", "status", "requested_at", "instance__name")
    )
    hits = [BackupHit(b.pk, b.name, Status(b.status), b.requested_at, b.instance.name) for b in found]
    hits.sort(key=lambda hit: hit.requested_at, reverse=True)
    hits.sort(key=lambda hit: (hit.name.lower() != q, not hit.name.lower().startswith(q)))
    return hits[:BACKUPS]


def _instances(user: User, q: str) -> list[InstanceHit]:
    """Those that are there before those that are gone, then what begins with it, then by name."""
    found = Instance.objects.visible_to(user).filter(Q(name__icontains=q) | Q(cloud_id__startswith=q))
    begins = Case(When(name__istartswith=q, then=0), default=1)
    gone = Case(When(gone_at=None, then=0), default=1)
    rows = found.order_by(gone, begins, "name", "pk").values(
        "id", "cloud_id", "name", "environment", "gone_at", "team_id", team_name=F("team__name")
    )
    return [InstanceHit(**row) for row in rows[:INSTANCES]]


def _projects(user: User, q: str) -> list[ProjectHit]:
    found = Project.objects.visible_to(user).filter(Q(name__icontains=q) | Q(project_id__istartswith=q))
    rows = found.order_by("name", "pk").values("id", "name", "region", team_name=F("team__name"))
    return [ProjectHit(**row) for row in rows[:PROJECTS]]
