"""Taking in what the cloud lists: each backup once, and nothing that may be a call of our own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from uuid_utils.compat import uuid7

from backups import cloud
from backups.models import Backup, Instance, Project, Source, Status
from backups.models.states import OPEN, in_sql
from backups.operations import audit, drift
from backups.operations.searching import CLOCKS_MAY_DIFFER

logger = structlog.get_logger(__name__)

LONGEST_ID = 36
LONGEST_DESCRIPTION = 256
LONGEST_INSTANCE_NAME = 128


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a part of the list: how many rows are new, and whether all of it could be placed."""

    new: int
    is_all: bool


def take(project: Project, records: Iterable[cloud.BackupRecord], *, at: datetime) -> Taken:
    """Write what `records` say, in one act: new rows, and what has changed of those that are here.

    Adopting is always safe, so a part of a list will do. A backup of an instance that may have been made
    since the instances were read is left for the next time.
    """
    listed = {(record.instance_id, record.id): record for record in records if _is_sound(record)}
    if not listed:
        return Taken(0, is_all=True)
    with audit.act():
        instances, is_all = _instances_of(project, list(listed.values()), at=at)
        placed = {
            (instances[record.instance_id], record.id): record
            for record in listed.values()
            if record.instance_id in instances
        }
        known = drift.note(project, placed, at=at)
        fresh = [(pk, record) for (pk, cloud_id), record in placed.items() if (pk, cloud_id) not in known]
        return Taken(_insert(project, fresh, at=at), is_all)


def _is_sound(record: cloud.BackupRecord) -> bool:
    """Whether it can be told what it is: ids of the contract's form, and of which instance it is."""
    ids = (record.id, record.instance_id or "")
    if all(0 < len(each) <= LONGEST_ID for each in ids):
        return True
    logger.warning("a backup of the list is left out", ids=ids)
    return False


def _instances_of(
    project: Project, records: Sequence[cloud.BackupRecord], *, at: datetime
) -> tuple[dict[str | None, UUID], bool]:
    """Our instances by the cloud's id; also those that were gone before Safepoint came.

    An instance that the last whole list did not show, and of which a backup had been taken by then, is gone;
    of any other we wait for the next list, which is asked for.
    """
    instances = _known(project, {record.instance_id for record in records})
    unknown = {record.instance_id: record for record in records if record.instance_id not in instances}
    young = {record.instance_id for record in records if _may_be_new(record, project.synced_at)}
    gone = [record for instance_id, record in unknown.items() if instance_id not in young]
    if gone:
        Instance.objects.bulk_create(
            [_gone_instance(project, record, at=at) for record in gone], ignore_conflicts=True
        )
        instances |= _known(project, {record.instance_id for record in gone})
    is_all = len(gone) == len(unknown)
    if not is_all:
        Project.objects.filter(pk=project.pk, next_sync_at__gt=at).update(next_sync_at=at)
    return instances, is_all


def _known(project: Project, cloud_ids: set[str | None]) -> dict[str | None, UUID]:
    found = Instance.objects.filter(project=project, cloud_id__in=cloud_ids)
    return dict(found.values_list("cloud_id", "pk"))


def _may_be_new(record: cloud.BackupRecord, synced_at: datetime | None) -> bool:
    if synced_at is None or record.begin_time is None:
        return synced_at is None
    return record.begin_time > synced_at - CLOCKS_MAY_DIFFER


def _gone_instance(project: Project, record: cloud.BackupRecord, *, at: datetime) -> Instance:
    return Instance(
        team_id=project.team_id,
        project=project,
        cloud_id=record.instance_id or "",
        name=(record.instance_name or record.instance_id or "")[:LONGEST_INSTANCE_NAME],
        engine=(record.datastore_type or "")[: drift.LONGEST_WORD],
        engine_version=(record.datastore_version or "")[: drift.LONGEST_WORD],
        seen_at=at,
        gone_at=at,
    )


def _insert(project: Project, fresh: Sequence[tuple[UUID, cloud.BackupRecord]], *, at: datetime) -> int:
    """Make rows of what is not here; how many. One statement, which looks once more what may be our own."""
    if not fresh:
        return 0
    rows = [_row(pk, record, at=at) for pk, record in fresh]
    fixed = _fixed(project)
    statement = INSERT.format(
        columns=", ".join((*ROW, *fixed)),
        chosen=", ".join((*(f"listed.{name}" for name in ROW), *(f"%(fixed_{name})s" for name in fixed))),
        arrays=", ".join(f"%({name})s::{kind}[]" for name, kind in ROW.items()),
        listed=", ".join(ROW),
        open=in_sql(OPEN),
    )
    given: dict[str, Any] = {name: [row[name] for row in rows] for name in (*ROW, "has_name")}
    given |= {f"fixed_{name}": value for name, value in fixed.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, given | {"clocks": CLOCKS_MAY_DIFFER})
        return int(cursor.rowcount)


def _row(instance_pk: UUID, record: cloud.BackupRecord, *, at: datetime) -> dict[str, object]:
    begun = record.begin_time
    name = (record.name or record.id)[: drift.LONGEST_NAME]
    status = drift.status_of(record)
    ended = status not in (Status.BUILDING, Status.UNKNOWN)
    return {
        "id": uuid7(),
        "instance_id": instance_pk,
        "cloud_id": record.id,
        "name": name,
        "cloud_name": drift.name_beside(name, record),
        "description": (record.description or "")[:LONGEST_DESCRIPTION],
        "source": Source.AUTOMATIC.value if record.type == "auto" else Source.ELSEWHERE.value,
        "status": status.value,
        "raw_status": (record.status or "")[: drift.LONGEST_WORD],
        "requested_at": begun or at,
        "begin_time": begun,
        "end_time": drift.ended_at(record, begun) if ended else None,
        "size_mb": record.size_mb,
        "next_action_at": at if status == Status.BUILDING else None,
        "has_name": record.name is not None,
    }


def _fixed(project: Project) -> dict[str, Any]:
    """What all rows have in common: what a new row of our own would have, where that is something."""
    blank = Backup()
    fixed: dict[str, Any] = {
        str(field.column): getattr(blank, field.attname)
        for field in Backup._meta.concrete_fields
        if field.column not in ROW and getattr(blank, field.attname) is not None
    }
    return fixed | {"team_id": project.team_id}


ROW = {
    "id": "uuid",
    "instance_id": "uuid",
    "cloud_id": "text",
    "name": "text",
    "cloud_name": "text",
    "description": "text",
    "source": "text",
    "status": "text",
    "raw_status": "text",
    "requested_at": "timestamptz",
    "begin_time": "timestamptz",
    "end_time": "timestamptz",
    "size_mb": "float8",
    "next_action_at": "timestamptz",
}
"""What differs from row to row, with its type."""

# A call of ours that is under way, whose fate is open, or that was given up and may still arrive: the looks
# take it in (faults.md, rule 4). It was claimed before the list could show its backup, so this statement sees
# the claim.
INSERT = """
INSERT INTO backups_backup ({columns})
SELECT {chosen}
FROM unnest({arrays}, %(has_name)s::boolean[]) AS listed ({listed}, has_name)
WHERE listed.source = 'automatic' OR NOT EXISTS (
    SELECT 1
    FROM backups_backup AS mine
    WHERE mine.instance_id = listed.instance_id
      AND mine.source = 'here'
      AND (mine.next_watch_at IS NOT NULL OR (mine.cloud_id IS NULL AND mine.status IN ({open})))
      AND (mine.next_watch_at IS NOT NULL OR mine.fence > 0 OR mine.looks_first)
      AND (mine.name = listed.name OR mine.status = 'SUBMITTING' OR NOT listed.has_name)
      AND (
          listed.begin_time IS NULL
          OR listed.begin_time + %(clocks)s >= coalesce(
              (SELECT min(started_at) FROM backups_attempt WHERE backup_id = mine.id), mine.requested_at
          )
      )
)
ON CONFLICT (instance_id, cloud_id) DO NOTHING
"""
