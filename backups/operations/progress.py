"""Following backups that the cloud is building, by its list (faults.md, rules 5 and 6)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from backups import cloud
from backups.contract import statuses
from backups.models import Backup, Project, Status
from backups.operations import connections, pace, transitions, turns, wake

FOLLOW_LEASE = timedelta(seconds=90)
LIST_MARGIN = timedelta(hours=1)

_HERE = {
    statuses.BUILDING: Status.BUILDING,
    statuses.COMPLETED: Status.COMPLETED,
    statuses.AVAILABLE: Status.AVAILABLE,
    statuses.FAILED: Status.FAILED,
}
_VERBS = {
    Status.COMPLETED: "completed",
    Status.AVAILABLE: "completed",
    Status.FAILED: "failed",
}


def status_here(raw: str | None) -> Status | None:
    """Our status for the cloud's word; None for a word we do not know, which decides nothing."""
    return _HERE.get(raw or "")


def follow(project_pk: UUID, *, at: datetime) -> None:
    """Read the status of a project's due running backups with one list call per page of 100.

    The rows are claimed by moving their time, so that two processes never make the same call. A list
    that fails changes nothing but the time of the next try.
    """
    project = Project.objects.select_related("credential", "team").get(pk=project_pk)
    due = _claim_due(project, at=at)
    if not due:
        return
    begun = min(backup.begin_time or backup.requested_at for backup in due)
    try:
        listed = connections.client_for(project).list_backups(
            begin_time=begun - LIST_MARGIN,
            end_time=at + timedelta(days=1),
        )
    except cloud.CloudError as error:
        _follow_later(due, error, at=at)
        return
    by_id = {record.id: record for record in listed}
    waits = [_take(backup, by_id.get(backup.cloud_id or ""), at=at) for backup in due]
    if running := [wait for wait in waits if wait is not None]:
        wake.follow(project.pk, seconds=min(running).total_seconds())


@transaction.atomic
def _claim_due(project: Project, *, at: datetime) -> list[Backup]:
    due = list(
        Backup.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("instance")
        .filter(
            instance__project=project,
            status=Status.BUILDING,
            next_action_at__lte=at + pace.SLACK,
        )
        .order_by("id")
    )
    ids = [backup.pk for backup in due]
    Backup.objects.filter(pk__in=ids).update(next_action_at=at + FOLLOW_LEASE)
    return due


def _take(backup: Backup, record: cloud.BackupRecord | None, *, at: datetime) -> timedelta | None:
    """Write what the list says of one backup; the time until it is asked for again, or None at its end."""
    status = status_here(record.status) if record else None
    if record is None or status in (None, Status.BUILDING):
        wait = pace.before_follow(backup, at=at)
        Backup.objects.filter(pk=backup.pk, status=Status.BUILDING).update(
            next_action_at=at + wait,
            raw_status=record.status or "" if record else backup.raw_status,
        )
        return wait
    with transaction.atomic():
        begin = record.begin_time or backup.begin_time or at
        transitions.move(
            backup,
            status,
            verb=_VERBS[status],
            at=at,
            begin_time=begin,
            end_time=max(record.end_time or at, begin),
            size_mb=record.size_mb,
            raw_status=record.status or "",
        )
        turns.pass_on(backup.instance, at=at)
    return None


def _follow_later(due: list[Backup], error: cloud.CloudError, *, at: datetime) -> None:
    wait = pace.before_next_attempt(error, attempts=1)
    for backup in due:
        Backup.objects.filter(pk=backup.pk, status=Status.BUILDING).update(next_action_at=at + wait)
    wake.follow(due[0].instance.project_id, seconds=wait.total_seconds())
