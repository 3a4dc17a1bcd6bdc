"""Looking in the cloud's list before any second call (faults.md, rule 4)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from backups import cloud
from backups.models import Alarm, Attempt, Backup, Event, Instance, Source, Status
from backups.operations import alarms, audit, merging, pace, reach, transitions, turns, wake
from backups.operations.progress import status_here

CLOCKS_MAY_DIFFER = timedelta(minutes=15)
"""The cloud accepts a clock that is 15 minutes off, so its begin_time may be that much before ours."""


def may_be_our_own_call(backup: Backup, error: cloud.CloudError) -> bool:
    """Whether a refusal such as "the name exists" may tell of a call of our own that did go through.

    Before our first call there is nothing of ours to find, and a namesake is somebody else's.
    """
    return backup.fence > 1 and error.may_be_our_own_call


def search(backup: Backup, *, at: datetime) -> list[cloud.BackupRecord]:
    """The manual backups of the instance that have our name and are no other request's, earliest first.

    One that a sync took for somebody else's is among them (`merging`). Raises `CloudError` where the list is
    not whole.
    """
    first_call = Attempt.objects.filter(backup=backup).order_by("number").first()
    begun_after = (first_call.started_at if first_call else backup.requested_at) - CLOCKS_MAY_DIFFER
    with reach.calling(backup.instance.project, at=at) as client:
        listed = client.list_backups(instance_id=backup.instance.cloud_id, backup_type="manual")
    known = set(
        Backup.objects.filter(
            instance=backup.instance_id, cloud_id__isnull=False, source=Source.HERE
        ).values_list("cloud_id", flat=True)
    )
    hits = [
        record
        for record in listed
        if record.name == backup.name
        and record.id not in known
        and (record.begin_time is None or record.begin_time >= begun_after)
    ]
    return sorted(hits, key=lambda hit: (hit.begin_time is None, hit.begin_time, hit.id))


def look(backup_id: UUID, *, at: datetime) -> None:
    """Look for an UNCONFIRMED backup in the cloud's list, all pages, and adopt it when it is there.

    A list that fails or is partial never counts as a "no"; it is asked for again within seconds. After the
    horizon with at least three complete lists without it, a person is asked; looking goes on for 24 hours.
    """
    backup = _claim_look(backup_id, at=at)
    if backup is None:
        return
    if hold := reach.admit(backup.instance.project, at=at):
        _unconfirmed(backup).update(next_action_at=hold.until)
        return
    try:
        hits = search(backup, at=at)
    except cloud.CloudError:
        _look_again(backup, at=at, counts=False)
        return
    if hits:
        adopt(backup, hits, at=at)
    else:
        _look_again(backup, at=at, counts=True)


@audit.act
def adopt(backup: Backup, hits: list[cloud.BackupRecord], *, at: datetime) -> None:
    """The cloud has it: link the earliest of `hits`; more than one is told to a person, none is deleted."""
    record, *twins = hits
    Instance.objects.select_for_update(no_key=True).get(pk=backup.instance_id)
    merging.make_way(backup, record.id, at=at)
    to = status_here(record.status) or Status.BUILDING
    begin = record.begin_time or at
    try:
        transitions.move(
            backup,
            to,
            verb="found",
            at=at,
            data={"cloud_id": record.id, "looks": backup.looks + 1},
            cloud_id=record.id,
            begin_time=begin,
            end_time=max(record.end_time or at, begin) if to != Status.BUILDING else None,
            size_mb=record.size_mb,
            raw_status=record.status or "",
            needs_decision_at=None,
            send_again_by=None,
            looks=0,
            error_code="",
            error_message="",
            error_remedy="",
            next_action_at=at if to == Status.BUILDING else None,
        )
    except transitions.StaleError:
        return
    if twins:
        alarms.sound(backup, Alarm.DUPLICATE, [twin.id for twin in twins], at=at)
    if to == Status.BUILDING:
        wake.follow(backup.instance.project_id, seconds=0)
    else:
        turns.pass_on(backup.instance, at=at)


@transaction.atomic
def _claim_look(backup_id: UUID, *, at: datetime) -> Backup | None:
    """Take a due look for ourselves by moving its time, so that no other process makes it too."""
    backup = (
        Backup.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("team", "instance__project__credential")
        .filter(pk=backup_id, status=Status.UNCONFIRMED)
        .first()
    )
    if backup is None or not pace.is_due(backup, at=at):
        return None
    _unconfirmed(backup).update(next_action_at=at + pace.lease())
    return backup


def _look_again(backup: Backup, *, at: datetime, counts: bool) -> None:
    looks = backup.looks + counts
    unknown_for = at - (backup.unconfirmed_since or at)
    wait = pace.before_look(unknown_for)
    needs_decision_at = backup.needs_decision_at
    if unknown_for + pace.SLACK >= pace.look_horizon() and looks >= pace.LOOKS_BEFORE_ASKING:
        if counts and _may_send_again(backup):
            _send_again(backup, at=at)
            return
        needs_decision_at = needs_decision_at or at
        wait = pace.LOOK_BEFORE_SENDING if backup.send_again_by_id else pace.LOOK_AFTER_ASKING
    if not counts:
        wait = min(wait, pace.SHORTEST_RETRY)
    is_over = needs_decision_at is not None and unknown_for >= pace.LOOK_FOR
    with audit.act():
        is_written = _unconfirmed(backup).update(
            looks=looks,
            needs_decision_at=needs_decision_at,
            next_action_at=None if is_over else at + wait,
        )
        if is_written and needs_decision_at != backup.needs_decision_at:
            audit.record("decision_needed", team_id=backup.team_id, at=at, backup=backup)
    if not is_over:
        wake.look(backup.pk, seconds=wait.total_seconds())


def _may_send_again(backup: Backup) -> bool:
    """Whether a person said so, or the team once and for all; by itself it happens only once."""
    if backup.send_again_by_id is not None:
        return True
    return (
        backup.team.resends_automatically
        and not Event.objects.filter(backup=backup, verb="sent_again", actor=None).exists()
    )


def _send_again(backup: Backup, *, at: datetime) -> None:
    try:
        transitions.move(
            backup,
            Status.QUEUED,
            verb="sent_again",
            at=at,
            by=backup.send_again_by,
            next_action_at=at,
            needs_decision_at=None,
            next_watch_at=at + pace.LOOK_AFTER_ASKING,
        )
    except transitions.StaleError:
        return
    wake.submit(backup.pk)


def _unconfirmed(backup: Backup) -> QuerySet[Backup]:
    """The row, as long as nobody else has moved it or decided about it."""
    return Backup.objects.filter(
        pk=backup.pk,
        status=Status.UNCONFIRMED,
        fence=backup.fence,
        send_again_by=backup.send_again_by_id,
    )
