"""Looking in the cloud's list before any second call (faults.md, rule 4)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from backups import cloud
from backups.models import Attempt, Backup, Instance, Outcome, Status
from backups.operations import connections, pace, transitions, turns, wake
from backups.operations.progress import status_here

CLOCKS_MAY_DIFFER = timedelta(minutes=15)
"""The cloud accepts a clock that is 15 minutes off, so its begin_time may be that much before ours."""

LOOK_LEASE = timedelta(seconds=90)


def may_be_our_own_call(backup: Backup, error: cloud.CloudError) -> bool:
    """Whether a refusal such as "the name exists" may tell of a call of our own that did go through.

    Before our first call there is nothing of ours to find, and a namesake is somebody else's.
    """
    return backup.fence > 1 and error.may_be_our_own_call


def look(backup_id: UUID, *, at: datetime) -> None:
    """Look for an UNCONFIRMED backup in the cloud's list, all pages, and adopt it when it is there.

    A list that fails or is partial never counts as a "no". After ten minutes with at least three
    complete lists without it a person is asked; looking goes on for 24 hours.
    """
    backup = _claim_look(backup_id, at=at)
    if backup is None:
        return
    try:
        record = find(backup, connections.client_for(backup.instance.project))
    except cloud.CloudError:
        _look_again(backup, at=at, counts=False)
        return
    if record is None:
        _look_again(backup, at=at, counts=True)
    else:
        _adopt(backup, record, at=at)


def find(backup: Backup, client: cloud.CloudClient) -> cloud.BackupRecord | None:
    """The earliest manual backup of the instance that has our name and is not known as another's.

    Raises `CloudError` where the list is not whole.
    """
    first_call = Attempt.objects.filter(backup=backup).order_by("number").first()
    begun_after = (first_call.started_at if first_call else backup.requested_at) - CLOCKS_MAY_DIFFER
    listed = client.list_backups(instance_id=backup.instance.cloud_id, backup_type="manual")
    known = set(
        Backup.objects.filter(instance=backup.instance_id, cloud_id__isnull=False)
        .exclude(pk=backup.pk)
        .values_list("cloud_id", flat=True)
    )
    hits = [
        record
        for record in listed
        if record.name == backup.name
        and record.id not in known
        and (record.begin_time is None or record.begin_time >= begun_after)
    ]
    return min(hits, key=lambda hit: (hit.begin_time is None, hit.begin_time, hit.id), default=None)


@transaction.atomic
def _claim_look(backup_id: UUID, *, at: datetime) -> Backup | None:
    """Take a due look for ourselves by moving its time, so that no other process makes it too."""
    backup = (
        Backup.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("instance__project__credential")
        .filter(pk=backup_id, status=Status.UNCONFIRMED)
        .first()
    )
    if backup is None or not pace.is_due(backup, at=at):
        return None
    Backup.objects.filter(pk=backup.pk).update(next_action_at=at + LOOK_LEASE)
    return backup


def _adopt(backup: Backup, record: cloud.BackupRecord, *, at: datetime) -> None:
    with transaction.atomic():
        Instance.objects.select_for_update(no_key=True).get(pk=backup.instance_id)
        Attempt.objects.filter(backup=backup, number=backup.fence, outcome=Outcome.IN_FLIGHT).update(
            outcome=Outcome.LOST, finished_at=at
        )
        to = status_here(record.status) or Status.BUILDING
        transitions.move(
            backup,
            to,
            verb="found",
            at=at,
            data={"cloud_id": record.id, "looks": backup.looks + 1},
            cloud_id=record.id,
            begin_time=record.begin_time or at,
            end_time=record.end_time if to != Status.BUILDING else None,
            size_mb=record.size_mb,
            raw_status=record.status or "",
            needs_decision_at=None,
            error_code="",
            error_message="",
            error_remedy="",
            next_action_at=at if to == Status.BUILDING else None,
        )
        if to == Status.BUILDING:
            wake.follow(backup.instance.project_id, seconds=0)
        else:
            turns.pass_on(backup.instance, at=at)


def _look_again(backup: Backup, *, at: datetime, counts: bool) -> None:
    looks = backup.looks + counts
    since = backup.unconfirmed_since or at
    wait = pace.before_look(looks)
    needs_decision_at = backup.needs_decision_at
    if at - since >= pace.LOOK_HORIZON and looks >= pace.LOOKS_BEFORE_ASKING:
        needs_decision_at = needs_decision_at or at
        wait = pace.LOOK_AFTER_ASKING
    is_over = needs_decision_at is not None and at - since >= pace.LOOK_FOR
    Backup.objects.filter(pk=backup.pk, status=Status.UNCONFIRMED, fence=backup.fence).update(
        looks=looks,
        needs_decision_at=needs_decision_at,
        next_action_at=None if is_over else at + wait,
    )
    if not is_over:
        wake.look(backup.pk, seconds=wait.total_seconds())
