"""What the cloud has: a project's instances, and the backups they already have."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from backups import cloud
from backups.models import Backup, Instance, Project, Source, Status, User
from backups.operations import audit, connections, reach, rights, wake
from backups.operations.progress import status_here

SYNC_EVERY = timedelta(minutes=10)
SYNC_LEASE = timedelta(minutes=2)


def request_sync(project: Project, *, by: User, at: datetime) -> None:
    """Ask a worker to read the project's instances; raises `rights.RightError`."""
    rights.require(by, "sync", project.team)
    with audit.act():
        Project.objects.filter(pk=project.pk).update(next_sync_at=at)
        audit.record("sync_requested", team_id=project.team_id, at=at, by=by, project=project)
        wake.sync(project.pk)


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
    _write_instances(project, listed, at=at)


@transaction.atomic
def _write_instances(project: Project, listed: list[cloud.InstanceRecord], *, at: datetime) -> None:
    for record in listed:
        Instance.objects.update_or_create(
            project=project,
            cloud_id=record.id,
            defaults={
                "team": project.team,
                "name": record.name or record.id,
                "status": record.status or "",
                "engine": record.datastore_type or "",
                "engine_version": record.datastore_version or "",
                "volume_gb": record.volume_gb,
                "seen_at": at,
                "gone_at": None,
            },
        )
    present = [record.id for record in listed]
    Instance.objects.filter(project=project, gone_at=None).exclude(cloud_id__in=present).update(gone_at=at)
    Project.objects.filter(pk=project.pk).update(synced_at=at, sync_error="", next_sync_at=at + SYNC_EVERY)


def adopt_history(project: Project) -> int:
    """Write the backups that the cloud lists for the project and that are not known here yet.

    Made by the automatic policy or elsewhere; returns how many were new. Statuses that Safepoint does
    not know are left out.
    """
    instances = {row.cloud_id: row for row in Instance.objects.filter(project=project)}
    found = [
        _found(record, instances[record.instance_id], status, record.begin_time)
        for record in connections.client_for(project).list_backups()
        if record.instance_id in instances and (status := status_here(record.status)) and record.begin_time
    ]
    before = Backup.objects.filter(instance__project=project).count()
    Backup.objects.bulk_create(found, batch_size=1000, ignore_conflicts=True)
    return Backup.objects.filter(instance__project=project).count() - before


def _found(record: cloud.BackupRecord, instance: Instance, status: Status, begun: datetime) -> Backup:
    return Backup(
        team_id=instance.team_id,
        instance=instance,
        name=record.name or record.id,
        description=record.description or "",
        source=Source.AUTOMATIC if record.type == "auto" else Source.ELSEWHERE,
        status=status,
        next_action_at=begun if status == Status.BUILDING else None,
        requested_at=begun,
        cloud_id=record.id,
        begin_time=begun,
        end_time=record.end_time,
        size_mb=record.size_mb,
        raw_status=record.status or "",
    )


def _note_failure(project: Project, error: cloud.CloudError, *, at: datetime) -> None:
    meaning, remedy = connections.in_words(error)
    reason = " ".join(part for part in (error.error_code, error.error_msg or meaning, remedy) if part)
    Project.objects.filter(pk=project.pk).update(sync_error=reason, next_sync_at=at + SYNC_EVERY)
