"""Following backups that the cloud is building, by its list (faults.md, rules 5 and 6)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from backups import cloud
from backups.contract import statuses
from backups.models import Alarm, Backup, Project, Status
from backups.models.backup import BackupQuerySet
from backups.operations import alarms, audit, jobs, pace, reach, transitions, turns, wake
from backups.queries import usual

LIST_MARGIN = timedelta(hours=1)
LONG = timedelta(days=2)
"""A list of all that began since a backup that hangs for so long would be endless: it is asked for alone."""

ALONE_AT_A_TIME = 5

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
    """Read the status of a project's running backups with one list call per page of 100.

    The rows are claimed by moving their time, so that two processes never make the same call. A list
    that fails changes nothing but the time of the next try.
    """
    project = Project.objects.select_related("credential", "team").get(pk=project_pk)
    if hold := reach.held(project, at=at):
        _due(project, at=at).update(next_action_at=hold.until)
        return
    due = _claim_due(project, at=at)
    if due:
        _follow(project, due, at=at)
    for backup in _claim_hanging(project, at=at):
        _follow(project, [backup], at=at, backup_id=backup.cloud_id)


def _follow(project: Project, due: list[Backup], *, at: datetime, backup_id: str | None = None) -> None:
    begun = min(backup.begin_time or backup.requested_at for backup in due)
    if hold := reach.admit(project, at=at):
        _running(due).update(next_action_at=hold.until)
        return
    try:
        with reach.calling(project, at=at) as client:
            listed = (
                client.list_backups(backup_id=backup_id)
                if backup_id
                else client.list_backups(begin_time=begun - LIST_MARGIN, end_time=at + timedelta(days=1))
            )
    except cloud.CloudError as error:
        project.refresh_from_db(fields=["retry_at"])
        hold = reach.held(project, at=at)
        until = hold.until if hold else at + pace.before_next_attempt(error, attempts=1)
        _running(due).update(next_action_at=until)
        return
    _note_changes_after_the_end(project, listed, at=at)
    asked = jobs.to_ask(due)
    wait = _take_all(project, due, listed, calls=len(asked), at=at)
    if wait is not None:
        wake.follow(project.pk, seconds=wait.total_seconds())
    jobs.ask(project, asked, at=at)


@transaction.atomic
def _claim_due(project: Project, *, at: datetime) -> list[Backup]:
    """The due rows, and with them all that began since the first of them: the same list shows those too."""
    begun = _due(project, at=at).exclude(begin_time__lt=at - LONG)
    first = begun.order_by("begin_time").only("begin_time").first()
    if first is None:
        return []
    running = Backup.objects.filter(instance__project=project, status=Status.BUILDING)
    rows = running.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("instance")
    due = list(rows.filter(begin_time__gte=first.begin_time).order_by("id"))
    _running(due).update(next_action_at=at + pace.lease())
    return due


@transaction.atomic
def _claim_hanging(project: Project, *, at: datetime) -> list[Backup]:
    """A few due rows that have been running for long."""
    hanging = _due(project, at=at).filter(begin_time__lt=at - LONG).select_related("instance")
    rows = hanging.select_for_update(of=("self",), no_key=True, skip_locked=True)
    due = list(rows.order_by("next_action_at", "id")[:ALONE_AT_A_TIME])
    _running(due).update(next_action_at=at + pace.lease())
    return due


def _take_all(
    project: Project, due: list[Backup], listed: list[cloud.BackupRecord], *, calls: int, at: datetime
) -> timedelta | None:
    """Write what the list says of each backup; the time until the first is asked for again, if any.

    `calls`: how many others this round makes.
    """
    by_id = {record.id: record for record in listed}
    usuals = usual.by_instance([backup.instance_id for backup in due])
    pages = 1 + len(listed) // pace.PAGE + calls
    going_on: list[Backup] = []
    waits: list[timedelta] = []
    for backup in due:
        record = by_id.get(backup.cloud_id or "")
        if _has_ended(backup, record, at=at):
            continue
        seconds = usuals.get(backup.instance_id, usual.Usual()).seconds
        waits.append(_go_on(project, backup, record, usual_seconds=seconds, pages=pages, at=at))
        going_on.append(backup)
    _running(going_on).bulk_update(going_on, ["next_action_at", "raw_status", "missing_since", "looks"])
    return min(waits, default=None)


def _has_ended(backup: Backup, record: cloud.BackupRecord | None, *, at: datetime) -> bool:
    """Whether the backup has come to its end, in the cloud's words or by being gone; written down if so."""
    if record is None:
        return _has_vanished(backup, at=at)
    status = status_here(record.status)
    if status in (None, Status.BUILDING):
        return False
    begin = record.begin_time or backup.begin_time or at
    _end(
        backup,
        status,
        _VERBS[status],
        at=at,
        begin_time=begin,
        end_time=max(record.end_time or at, begin),
        size_mb=record.size_mb,
        raw_status=record.status or "",
    )
    return True


def _has_vanished(backup: Backup, *, at: datetime) -> bool:
    """Missing in several complete lists over the whole horizon: one list may lag, or be wrong.

    One that is missing still is noted on `backup`, for the caller to write.
    """
    missing_since = backup.missing_since or at
    looks = backup.looks + 1
    if at - missing_since >= pace.look_horizon() and looks >= pace.LOOKS_BEFORE_ASKING:
        _end(backup, Status.VANISHED, "vanished", at=at, gone_at=missing_since)
        return True
    backup.missing_since, backup.looks = missing_since, looks
    return False


def _end(backup: Backup, status: Status, verb: str, *, at: datetime, **changes: Any) -> None:
    if backup.alarm == Alarm.OVERDUE:
        changes.update(alarm="", alarm_detail="")
    try:
        with audit.act():
            transitions.move(
                backup, status, verb=verb, at=at, missing_since=None, progress_percent=None, **changes
            )
            turns.pass_on(backup.instance, at=at)
    except transitions.StaleError:
        return  # another process read the same end


def _go_on(
    project: Project,
    backup: Backup,
    record: cloud.BackupRecord | None,
    *,
    usual_seconds: float | None,
    pages: int,
    at: datetime,
) -> timedelta:
    """Note on `backup` that it still runs, for the caller to write; the time until it is asked for again."""
    running = at - (backup.begin_time or at)
    wait = pace.before_follow(
        running, usual=timedelta(seconds=usual_seconds) if usual_seconds else None, pages=pages
    )
    if running >= timedelta(hours=project.team.overdue_hours):
        alarms.sound(backup, Alarm.OVERDUE, [], at=at)
        wait = pace.OVERDUE_FOLLOW
    backup.next_action_at = at + wait
    if record:
        backup.raw_status, backup.missing_since, backup.looks = record.status or "", None, 0
    return wait


def _note_changes_after_the_end(project: Project, listed: list[cloud.BackupRecord], *, at: datetime) -> None:
    """A backup that the cloud had finished and that stands otherwise now is shown and told to a person."""
    by_id = {record.id: record for record in listed}
    ended = Backup.objects.filter(
        instance__project=project, cloud_id__in=list(by_id), status__in=list(_VERBS)
    )
    for backup in ended:
        raw = by_id[backup.cloud_id or ""].status or ""
        if status_here(raw) != backup.status and raw != backup.raw_status:
            Backup.objects.filter(pk=backup.pk).update(raw_status=raw)
            alarms.sound(backup, Alarm.WENT_BACK, [raw], at=at)


def _due(project: Project, *, at: datetime) -> BackupQuerySet:
    """The running backups of the project whose time has come."""
    running = Backup.objects.filter(instance__project=project, status=Status.BUILDING)
    return running.filter(next_action_at__lte=at + pace.SLACK)


def _running(backups: Sequence[Backup]) -> BackupQuerySet:
    """The rows, as long as nobody else has moved them."""
    return Backup.objects.filter(pk__in=[backup.pk for backup in backups], status=Status.BUILDING)
