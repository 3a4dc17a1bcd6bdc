"""What the cloud says otherwise by now of a backup that is here: another name, another status, back again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from backups import cloud
from backups.models import Alarm, Backup, Project, Status
from backups.models.states import GOOD, LISTED
from backups.operations import alarms, audit, transitions
from backups.operations.progress import status_here

LONGEST_NAME = 64
LONGEST_CLOUD_NAME = 255
LONGEST_WORD = 64

Key = tuple[UUID, str]
"""Instance, and the cloud's id of the backup."""


def status_of(record: cloud.BackupRecord) -> Status:
    """Our status for a backup that is found: a word that we do not know is kept, and never guessed at."""
    return status_here(record.status) or Status.UNKNOWN


def name_beside(name: str, record: cloud.BackupRecord) -> str:
    """The name in the cloud, where it is another than `name`; empty where it is the same or not told."""
    told = (record.name or name)[:LONGEST_CLOUD_NAME]
    return "" if told == name else told


def ended_at(record: cloud.BackupRecord, begun: datetime | None) -> datetime | None:
    """When the cloud says that it ended, never before it began."""
    if record.end_time is None or begun is None:
        return record.end_time
    return max(record.end_time, begun)


def note(project: Project, records: Mapping[Key, cloud.BackupRecord], *, at: datetime) -> set[Key]:
    """Write what has changed of the listed backups that are here; which those are. Within an act.

    Only rows that differ are written. What runs is left to `progress`, but for its name.
    """
    keys: Sequence[Key] = list(records)
    given = {"instances": [pk for pk, _ in keys], "cloud_ids": [cloud_id for _, cloud_id in keys]}
    known = {(row.instance_id, row.cloud_id or ""): row for row in Backup.objects.raw(KNOWN, given)}
    for key, backup in known.items():
        _note(project, backup, records[key], at=at)
    return set(known)


def _note(project: Project, backup: Backup, record: cloud.BackupRecord, *, at: datetime) -> None:
    changes = _changes(backup, record)
    was = (backup.cloud_name or backup.name, backup.raw_status)
    to = status_of(record)
    if backup.status in (Status.VANISHED, Status.UNKNOWN) and to != backup.status:
        _move(project, backup, to, changes, at=at)
    elif not changes or not _write(backup, changes):
        return
    name = backup.cloud_name or backup.name
    if name != was[0]:
        data = {"name": [was[0], name]}
        audit.record("renamed", team_id=backup.team_id, at=at, backup=backup, project=project, data=data)
    if "raw_status" in changes and _is_taken_back(backup):
        alarms.sound(backup, Alarm.WENT_BACK, [backup.raw_status], at=at)


def _changes(backup: Backup, record: cloud.BackupRecord) -> dict[str, Any]:
    """The columns that the record says otherwise."""
    told: dict[str, Any] = {"cloud_name": name_beside(backup.name, record)}
    if backup.status in LISTED | {Status.VANISHED}:
        begun = record.begin_time or backup.begin_time
        size_mb = backup.size_mb if record.size_mb is None else record.size_mb
        told |= {
            "raw_status": (record.status or backup.raw_status)[:LONGEST_WORD],
            "begin_time": begun,
            "end_time": ended_at(record, begun) or backup.end_time,
            "size_mb": size_mb,
            "missing_since": None,
            "looks": 0,
            "gone_at": None,
        }
    return {column: value for column, value in told.items() if getattr(backup, column) != value}


def _write(backup: Backup, changes: Mapping[str, Any]) -> bool:
    """Write them, unless somebody else has moved the row meanwhile."""
    for column, value in changes.items():
        setattr(backup, column, value)
    return bool(Backup.objects.filter(pk=backup.pk, status=backup.status).update(**changes))


def _is_taken_back(backup: Backup) -> bool:
    """Whether it had ended otherwise than the cloud says now; the two words for a good end mean the same."""
    here = status_here(backup.raw_status)
    had_ended = backup.status in LISTED - {Status.UNKNOWN}
    return had_ended and here != backup.status and not {here, backup.status} <= GOOD


def _move(project: Project, backup: Backup, to: Status, changes: dict[str, Any], *, at: datetime) -> None:
    """It had gone, or its status was a word that nobody knows: it is what the cloud says now."""
    verb = "back" if backup.status == Status.VANISHED else "status_told"
    if to == Status.BUILDING:
        changes |= {"end_time": None, "next_action_at": at}
    try:
        with audit.act():
            data = {"detail": changes.get("raw_status", backup.raw_status)}
            transitions.move(backup, to, verb=verb, at=at, project=project, data=data, **changes)
    except IntegrityError:
        # Its name, or its instance, has been taken by another request meanwhile.
        _write(backup, {"gone_at": None, "raw_status": changes.get("raw_status", backup.raw_status)})
        alarms.sound(backup, Alarm.WENT_BACK, [backup.raw_status], at=at)
    except transitions.StaleError:
        return


KNOWN = """
SELECT backup.*
FROM unnest(%(instances)s::uuid[], %(cloud_ids)s::text[]) AS listed (instance_id, cloud_id)
JOIN backups_backup AS backup USING (instance_id, cloud_id)
ORDER BY backup.id
"""
