"""Instances and projects as pages read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backups.contract import statuses
from backups.models import Backup, Coverage, Project, Team, User
from backups.models.fleet import ProjectQuerySet
from backups.models.states import OCCUPYING, values
from backups.queries.coverage import CoverageFilters, CursorError
from backups.queries.coverage_sql import HOURS, NEWEST_GOOD, RANK, TARGETS, WORST_FIRST

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance against its target, and what runs on it. `volume_gb` in GB; no state: it is gone."""

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
    state: Coverage | None
    target_hours: int
    age_seconds: float | None
    last_backup_id: UUID | None
    last_backup_at: datetime | None
    running_backup_id: UUID | None = None
    running_backup_name: str = ""

    @property
    def is_available(self) -> bool:
        """Whether the cloud takes a backup of it in its present state."""
        return self.gone_at is None and statuses.instance_is_available(self.status)


@dataclass(frozen=True, slots=True)
class InstancePage:
    """A page of rows, and the cursor of the next page or None."""

    rows: list[InstanceRow]
    next_before: str | None


def instances(
    user: User, *, filters: CoverageFilters, at: datetime, before: str | None = None
) -> InstancePage:
    """Up to 50 instances that `user` may see, by name, those that are gone last. Three queries.

    Raises `CursorError` for a cursor that is not ours.
    """
    teams = Team.objects.visible_to(user)
    asked: dict[str, Any] = {
        **EVERY,
        "at": at,
        "teams": [team.pk for team in teams if filters.team in ("", team.slug)],
        "environment": filters.environment,
        "q": filters.q.strip(),
        "rank": WORST_FIRST.index(Coverage(filters.state)) if filters.state else None,
        # Whom a state is asked of is known only once all are judged.
        "first": None if filters.state else PAGE_SIZE + 1,
        **_read_cursor(before),
    }
    found = _found(asked)
    rows = found[:PAGE_SIZE]
    return InstancePage(rows, _cursor(rows[-1]) if len(found) > PAGE_SIZE else None)


def instance(team: Team, cloud_id: str, *, project_id: str = "", at: datetime) -> InstanceRow | None:
    """The instance of `team` with this ID of the cloud's, in that project of the cloud's where one is named.

    Where two projects have it, one that is there comes before one that is gone.
    """
    rows = _found({**EVERY, "at": at, "teams": [team.pk], "cloud_id": cloud_id, "project_id": project_id})
    return rows[0] if rows else None


def projects(user: User) -> ProjectQuerySet:
    """The projects that `user` may see, with team and credential, by name."""
    return Project.objects.visible_to(user).select_related("team", "credential")


def _found(asked: dict[str, Any]) -> list[InstanceRow]:
    with connection.cursor() as cursor:
        cursor.execute(BY_NAME, asked)
        found = cursor.fetchall()
    running = _running([row[0] for row in found[:PAGE_SIZE]])
    return [_row(row, running) for row in found]


def _running(ids: list[UUID]) -> dict[UUID, tuple[UUID, str]]:
    found = Backup.objects.filter(instance__in=ids, status__in=values(OCCUPYING)).order_by("-id")
    return {instance: (pk, name) for instance, pk, name in found.values_list("instance", "pk", "name")}


def _row(read: Any, running: dict[UUID, tuple[UUID, str]]) -> InstanceRow:
    *facts, gone_at, rank, hours, age, backup_id, begin_time = read
    state = None if gone_at else WORST_FIRST[rank]
    against = (gone_at, state, hours, age, backup_id, begin_time)
    return InstanceRow(*(*facts, *against, *running.get(facts[0], (None, ""))))


def _cursor(row: InstanceRow) -> str:
    return f"{int(row.gone_at is not None)}_{row.id}_{row.name}"


def _read_cursor(cursor: str | None) -> dict[str, Any]:
    if not cursor:
        return {}
    try:
        gone, pk, name = cursor.split("_", 2)
        return {"after_gone": ("0", "1").index(gone) == 1, "after_name": name, "after_id": UUID(pk)}
    except ValueError as error:
        raise CursorError(cursor) from error


EVERY: dict[str, Any] = {
    "cloud_id": "",
    "project_id": "",
    "environment": "",
    "q": "",
    "rank": None,
    "limit": PAGE_SIZE + 1,
    "first": None,
    "after_gone": None,
    "after_name": None,
    "after_id": None,
}
"""What is asked unless something else is: all."""

# Put together from our own words; every value is a parameter.
BY_NAME = f"""
SELECT i.id, i.cloud_id, i.name, t.name, p.name, i.environment, i.status, i.engine, i.engine_version,
       i.volume_gb, i.gone_at, {RANK}, {HOURS}, extract(epoch FROM %(at)s - good.begin_time)::float8,
       good.id, good.begin_time
FROM (
    SELECT * FROM backups_instance i
    WHERE i.team_id = ANY(%(teams)s) AND %(environment)s IN ('', i.environment)
      AND %(cloud_id)s IN ('', i.cloud_id)
      AND (%(q)s = '' OR position(lower(%(q)s) IN lower(i.name)) > 0
           OR position(lower(%(q)s) IN lower(i.cloud_id)) > 0)
      AND (%(after_gone)s::bool IS NULL
           OR (i.gone_at IS NOT NULL, i.name, i.id) > (%(after_gone)s, %(after_name)s, %(after_id)s))
    ORDER BY i.gone_at IS NOT NULL, i.name, i.id
    LIMIT %(first)s
) i
JOIN backups_team t ON t.id = i.team_id JOIN backups_project p ON p.id = i.project_id
{TARGETS} {NEWEST_GOOD}
WHERE (%(rank)s::int IS NULL OR (i.gone_at IS NULL AND {RANK} = %(rank)s))
  AND %(project_id)s IN ('', p.project_id)
ORDER BY i.gone_at IS NOT NULL, i.name, i.id
LIMIT %(limit)s
"""
