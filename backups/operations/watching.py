"""Looking on after a person's decision: a call that arrives late is found (faults.md, rule 4)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backups import cloud
from backups.models import Alarm, Backup, Status
from backups.operations import alarms, pace, reach, searching
from backups.operations.progress import status_here


def watch(backup_id: UUID, *, at: datetime) -> None:
    """Look for what came late of a backup that was sent again or closed while its fate was unknown.

    1. Closed: once the cloud has finished it, it is taken in.
    2. Not sent again yet: it is looked for before that, and taken in.
    3. Sent again: both calls went through, and a person is told; nothing is deleted.
    """
    backup = _claim(backup_id, at=at)
    if backup is None:
        return
    try:
        hits = [] if reach.admit(backup.instance.project, at=at) else searching.search(backup, at=at)
    except cloud.CloudError:
        hits = []
    if hits:
        _take(backup, hits, at=at)


def _take(backup: Backup, hits: list[cloud.BackupRecord], *, at: datetime) -> None:
    if backup.status == Status.CANCELLED:
        finished = [hit for hit in hits if status_here(hit.status) not in (None, Status.BUILDING)]
        if finished:
            searching.adopt(backup, finished, at=at)
    elif backup.status == Status.QUEUED:
        Backup.objects.filter(pk=backup.pk, status=Status.QUEUED).update(looks_first=True, next_action_at=at)
    elif backup.cloud_id is not None:
        alarms.sound(backup, Alarm.DUPLICATE, [hit.id for hit in hits], at=at)


@transaction.atomic
def _claim(backup_id: UUID, *, at: datetime) -> Backup | None:
    """Take a due look for ourselves by moving its time; after 24 hours it was the last."""
    backup = (
        Backup.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("team", "instance__project__credential")
        .filter(pk=backup_id, next_watch_at__lte=at + pace.SLACK)
        .first()
    )
    if backup is None:
        return None
    wait = pace.LOOK_EACH if backup.status == Status.CANCELLED else pace.LOOK_AFTER_ASKING
    is_last = at + wait - (backup.unconfirmed_since or at) > pace.LOOK_FOR
    next_watch_at = None if is_last else at + max(wait, pace.lease())
    Backup.objects.filter(pk=backup.pk).update(next_watch_at=next_watch_at)
    return backup
