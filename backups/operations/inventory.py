"""What the cloud has: a project's instances, as its list shows them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from backups import cloud
from backups.models import Instance, Project, User
from backups.operations import audit, catalog, connections, pace, reach, rights, wake

SYNC_EVERY = timedelta(minutes=10)
SYNC_LEASE = timedelta(minutes=2)
SHARE_OF_CALLS = 0.05
"""How much of a credential's calls the list of instances may take."""

BATCH = 1000
LONGEST_ID = 36

FACTS = ("name", "status", "engine", "engine_version", "volume_gb")
SIGHT = ("seen_at", "missing_since", "looks", "gone_at")


def request_sync(project: Project, *, by: User, at: datetime) -> None:
    """Ask a worker to read the project's instances and backups; raises `rights.RightError`."""
    rights.require(by, "sync", project.team)
    with audit.act():
        Project.objects.filter(pk=project.pk).update(next_sync_at=at)
        audit.record("sync_requested", team_id=project.team_id, at=at, by=by, project=project)
        wake.sync(project.pk)
        catalog.make_due(project, at=at)


def sync(project_pk: UUID, *, at: datetime) -> None:
    """Bring the instances of a project up to what the cloud lists, all pages.

    A list that fails or is partial marks nothing as gone; the project says why it failed.
    """
    claimed = Project.objects.filter(pk=project_pk, next_sync_at__lte=at)
    if not claimed.update(next_sync_at=at + SYNC_LEASE):
        return
    project = Project.objects.select_related("team", "credential").get(pk=project_pk)
    if hold := reach.admit(project, at=at):
        Project.objects.filter(pk=project.pk).update(next_sync_at=hold.until)
        return
    try:
        with reach.calling(project, at=at) as client:
            listed = client.list_instances()
    except cloud.CloudError as error:
        _note_failure(project, error, at=at)
        return
    _write(project, {record.id: record for record in listed}, at=at)


@audit.act
def _write(project: Project, listed: dict[str, cloud.InstanceRecord], *, at: datetime) -> None:
    """Write what differs; an instance that is not in the list has gone once several lists show it so."""
    known = {row.cloud_id: row for row in Instance.objects.filter(project=project)}
    _add(project, [record for cloud_id, record in listed.items() if cloud_id not in known], at=at)
    changed = [
        row
        for cloud_id, record in listed.items()
        if (row := known.get(cloud_id)) and _take(project, row, record, at=at)
    ]
    missing = [row for row in known.values() if row.cloud_id not in listed and _may_go(row)]
    for row in missing:
        _miss(project, row, at=at)
    Instance.objects.bulk_update(changed + missing, [*FACTS, *SIGHT], batch_size=BATCH)
    wait = max(SYNC_EVERY, _affordable(len(listed)))
    Project.objects.filter(pk=project.pk).update(synced_at=at, sync_error="", next_sync_at=at + wait)
    if project.synced_at is None:
        catalog.make_due(project, at=at)


def _facts(record: cloud.InstanceRecord) -> dict[str, Any]:
    return {
        "name": (record.name or record.id)[:128],
        "status": (record.status or "")[:64],
        "engine": (record.datastore_type or "")[:64],
        "engine_version": (record.datastore_version or "")[:64],
        "volume_gb": record.volume_gb,
    }


def _add(project: Project, records: Sequence[cloud.InstanceRecord], *, at: datetime) -> None:
    rows = [
        Instance(team_id=project.team_id, project=project, cloud_id=record.id, seen_at=at, **_facts(record))
        for record in records
        if len(record.id) <= LONGEST_ID
    ]
    Instance.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _take(project: Project, row: Instance, record: cloud.InstanceRecord, *, at: datetime) -> bool:
    """Let `row` say what `record` says; whether that is anything else than before."""
    told = {**_facts(record), "missing_since": None, "looks": 0, "gone_at": None}
    if all(getattr(row, column) == value for column, value in told.items()):
        return False
    if row.gone_at is not None:
        _record(project, row, "instance_back", at=at)
    if row.name != told["name"] and not row.is_awaited:
        _record(project, row, "instance_renamed", at=at, name=[row.name, told["name"]])
    for column, value in told.items():
        setattr(row, column, value)
    row.seen_at = at
    return True


def _may_go(row: Instance) -> bool:
    """What never was in the list cannot go from it."""
    return row.gone_at is None and not row.is_awaited


def _miss(project: Project, row: Instance, *, at: datetime) -> None:
    """One list may lag or be wrong: gone is what several of them over some time did not show."""
    row.missing_since = row.missing_since or at
    row.looks += 1
    if row.looks >= pace.LOOKS_BEFORE_ASKING - 1 and at - row.missing_since >= pace.look_horizon():
        row.gone_at = row.missing_since
        _record(project, row, "instance_gone", at=at)


def _record(project: Project, row: Instance, verb: str, *, at: datetime, **changed: list[str]) -> None:
    data = {"instance": row.name, "id": row.cloud_id, **changed}
    audit.record(verb, team_id=row.team_id, at=at, project=project, data=data)


def _affordable(instances: int) -> timedelta:
    pages = 1 + instances // pace.PAGE
    return timedelta(seconds=pages / settings.CLOUD_CALLS_PER_SECOND / SHARE_OF_CALLS)


def _note_failure(project: Project, error: cloud.CloudError, *, at: datetime) -> None:
    Project.objects.filter(pk=project.pk).update(
        sync_error=connections.in_one_sentence(error), next_sync_at=at + SYNC_EVERY
    )
