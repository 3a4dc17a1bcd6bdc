"""Instances and projects as pages read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from backups.contract import statuses
from backups.models import Backup, Instance, Project, User
from backups.models.fleet import ProjectQuerySet
from backups.models.states import GOOD, OCCUPYING, values


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance with its newest good backup and what runs on it. `volume_gb` in GB."""

    id: UUID
    cloud_id: str
    name: str
    team_name: str
    project_name: str
    environment: str
    status: str
    engine: str
    engine_version: str
    volume_gb: float | None
    gone_at: datetime | None
    last_backup_id: UUID | None
    last_backup_at: datetime | None
    running_backup_id: UUID | None
    running_backup_name: str

    @property
    def is_available(self) -> bool:
        """Whether the cloud takes a backup of it in its present state."""
        return self.gone_at is None and statuses.instance_is_available(self.status)


COLUMNS = (
    "id",
    "cloud_id",
    "name",
    "environment",
    "status",
    "engine",
    "engine_version",
    "volume_gb",
    "gone_at",
)


def instances(user: User, *, q: str = "", team: str = "") -> list[InstanceRow]:
    """The instances that `user` may see, by name; `q` searches name and id. One query."""
    found = Instance.objects.visible_to(user)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(cloud_id__icontains=q))
    if team:
        found = found.filter(team__slug=team)
    of_instance = Backup.objects.filter(instance=OuterRef("pk"))
    good = of_instance.filter(status__in=values(GOOD)).order_by("-requested_at", "-id")
    running = of_instance.filter(status__in=values(OCCUPYING)).order_by("id")
    rows = found.order_by(F("gone_at").asc(nulls_first=True), "name", "pk").values(
        *COLUMNS,
        team_name=F("team__name"),
        project_name=F("project__name"),
        last_backup_id=Subquery(good.values("pk")[:1]),
        last_backup_at=Subquery(good.values("end_time")[:1]),
        running_backup_id=Subquery(running.values("pk")[:1]),
        running_backup_name=Coalesce(Subquery(running.values("name")[:1]), Value("")),
    )
    return [InstanceRow(**row) for row in rows]


def projects(user: User) -> ProjectQuerySet:
    """The projects that `user` may see, with team and credential, by name."""
    return Project.objects.visible_to(user).select_related("team", "credential")
