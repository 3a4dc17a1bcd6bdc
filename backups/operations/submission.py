"""Sending a queued backup to the cloud: claim, commit, then call (faults.md, rules 1 to 3)."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backups import cloud
from backups.models import Attempt, Backup, Instance, Outcome, Status
from backups.operations import connections, pace, rights, searching, transitions, turns, wake
from backups.queries import waiting

LEASE_MARGIN = timedelta(seconds=30)
WAIT_FOR_TURN = timedelta(seconds=20)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one call: the row as claimed, under its fence, and the attempt that records it."""

    backup: Backup
    attempt: Attempt


def submit(backup_id: UUID, *, clock: Clock = timezone.now) -> None:
    """Make the create call for a QUEUED backup whose turn it is, once, and write down what came of it.

    1. Claim the row in one short transaction and commit.
    2. Only then open the socket; no transaction is held over HTTP.
    3. Write the result under the fence. A worker that comes too late writes to its own attempt only.
    Where this process dies in between, the lease ends and `expire_lease` takes over.
    """
    claimed = claim(backup_id, at=clock())
    if claimed is None:
        return
    backup = claimed.backup
    client = connections.client_for(backup.instance.project)
    try:
        record = client.create_backup(
            instance_id=backup.instance.cloud_id,
            name=backup.name,
            description=backup.description,
        )
    except cloud.CloudError as error:
        found = searching.own_earlier_call(claimed.backup, error, client=client)
        if found is None:
            _write_failure(claimed, error, at=clock())
        else:
            _write_accepted(claimed, found, at=clock(), verb="found")
    else:
        _write_accepted(claimed, record, at=clock(), verb="accepted")


@transaction.atomic
def claim(backup_id: UUID, *, at: datetime) -> Claim | None:
    """Claim a due QUEUED backup for one call, or None where there is nothing to do now.

    Every right is checked again here, under the lock of the instance: the requester may still ask, the
    instance is there, its credential signs in, and nothing else runs on it.
    """
    found = Backup.objects.filter(pk=backup_id).values_list("instance", flat=True).first()
    if found is None:
        return None
    Instance.objects.select_for_update(no_key=True).get(pk=found)
    backup = (
        Backup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team", "requested_by", "instance__project__credential")
        .get(pk=backup_id)
    )
    if backup.status != Status.QUEUED or not pace.is_due(backup, at=at):
        return None
    if _is_forbidden(backup, at=at) or _must_wait(backup, at=at):
        return None
    backup.fence += 1
    Backup.objects.filter(pk=backup.pk).update(fence=backup.fence)
    lease = at + timedelta(seconds=settings.CLOUD_DEADLINE_SECONDS) + LEASE_MARGIN
    transitions.move(
        backup,
        Status.SUBMITTING,
        verb="submitting",
        at=at,
        data={"attempt": backup.fence},
        lease_until=lease,
        next_action_at=lease,
        error_code="",
        error_message="",
        error_remedy="",
    )
    attempt = Attempt.objects.create(
        backup=backup,
        number=backup.fence,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        started_at=at,
        request=_request_of(backup),
    )
    return Claim(backup, attempt)


@transaction.atomic
def expire_lease(backup_id: UUID, *, at: datetime) -> None:
    """Take a SUBMITTING row whose worker did not come back: whether the cloud heard it is unknown."""
    backup = Backup.objects.select_for_update(no_key=True).get(pk=backup_id)
    if backup.status != Status.SUBMITTING or backup.lease_until is None or backup.lease_until > at:
        return
    Attempt.objects.filter(backup=backup, number=backup.fence, outcome=Outcome.IN_FLIGHT).update(
        outcome=Outcome.LOST, finished_at=at
    )
    _become_unconfirmed(backup, at=at, verb="lease_ended", error=None)


def _is_forbidden(backup: Backup, *, at: datetime) -> bool:
    requester = backup.requested_by
    why_not = (rights.may(requester, "create_backup", backup.team).why_not if requester else "") or (
        _("The instance is no longer in the cloud.") if backup.instance.gone_at else ""
    )
    if why_not:
        transitions.move(backup, Status.CANCELLED, verb="cancelled", at=at, error_message=why_not)
        turns.pass_on(backup.instance, at=at)
    return bool(why_not)


def _must_wait(backup: Backup, *, at: datetime) -> bool:
    credential = backup.instance.project.credential
    if credential.failed_at is not None and credential.failed_at + pace.KEY_LOCK > at:
        Backup.objects.filter(pk=backup.pk).update(
            next_action_at=credential.failed_at + pace.KEY_LOCK,
            error_message=credential.failure,
            error_remedy=_("Test the project's connection once its credential is mended."),
        )
        return True
    if waiting.ahead_of(backup) is not None:
        Backup.objects.filter(pk=backup.pk).update(next_action_at=at + WAIT_FOR_TURN)
        return True
    return False


def _write_accepted(claimed: Claim, record: cloud.BackupRecord, *, at: datetime, verb: str) -> None:
    with transaction.atomic():
        _finish_attempt(claimed.attempt, Outcome.ACCEPTED, record.exchange, at=at)
        backup = _still_mine(claimed)
        if backup is None:
            return
        credential = backup.instance.project.credential
        if credential.verified_at is None or credential.failed_at is not None:
            connections.note_success(credential, at=at)
        transitions.move(
            backup,
            Status.BUILDING,
            verb=verb,
            at=at,
            data={"cloud_id": record.id, "attempt": backup.fence},
            cloud_id=record.id,
            job_id=record.job_id or "",
            begin_time=record.begin_time or at,
            raw_status=record.status or "",
            next_action_at=at + pace.FIRST_FOLLOW,
        )
        wake.follow(backup.instance.project_id, seconds=pace.FIRST_FOLLOW.total_seconds())


def _write_failure(claimed: Claim, error: cloud.CloudError, *, at: datetime) -> None:
    with transaction.atomic():
        outcome = _outcome_of(error)
        _finish_attempt(claimed.attempt, outcome, error.exchange, at=at, error=error)
        backup = _still_mine(claimed)
        if backup is None:
            return
        if outcome == Outcome.REFUSED:
            transitions.move(backup, Status.REFUSED, verb="refused", at=at, **_words(error))
            turns.pass_on(backup.instance, at=at)
        elif outcome == Outcome.AMBIGUOUS:
            _become_unconfirmed(backup, at=at, verb="no_clear_answer", error=error)
        else:
            _queue_again(backup, error, outcome, at=at)


def _queue_again(backup: Backup, error: cloud.CloudError, outcome: Outcome, *, at: datetime) -> None:
    """Proved not executed: the row goes back to wait for a better moment."""
    if outcome == Outcome.SIGN_IN_FAILED:
        credential = backup.instance.project.credential
        connections.note_failure(credential, at=at, reason=connections.in_words(error)[0])
    wait = pace.before_next_attempt(error, attempts=backup.fence)
    transitions.move(
        backup,
        Status.QUEUED,
        verb=outcome.value,
        at=at,
        data={"attempt": backup.fence, "seconds": wait.total_seconds()},
        next_action_at=at + wait,
        **_words(error),
    )


def _become_unconfirmed(backup: Backup, *, at: datetime, verb: str, error: cloud.CloudError | None) -> None:
    wait = pace.before_look(0)
    transitions.move(
        backup,
        Status.UNCONFIRMED,
        verb=verb,
        at=at,
        data={"attempt": backup.fence},
        unconfirmed_since=at,
        looks=0,
        next_action_at=at + wait,
        **(_words(error) if error else {}),
    )
    wake.look(backup.pk, seconds=wait.total_seconds())


def _still_mine(claimed: Claim) -> Backup | None:
    """The row, locked, if it still stands as this claim left it."""
    return (
        Backup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("instance__project__credential")
        .filter(pk=claimed.backup.pk, status=Status.SUBMITTING, fence=claimed.backup.fence)
        .first()
    )


def _finish_attempt(
    attempt: Attempt,
    outcome: Outcome,
    exchange: cloud.Exchange | None,
    *,
    at: datetime,
    error: cloud.CloudError | None = None,
) -> None:
    attempt.outcome = outcome
    attempt.finished_at = at
    if exchange is not None:
        attempt.http_status = exchange.http_status
        attempt.request_id = exchange.request_id
        attempt.reply = exchange.reply_excerpt
    if error is not None:
        attempt.error_code = error.error_code or ""
        attempt.error_message = error.error_msg or str(error)
    attempt.save()


def _request_of(backup: Backup) -> dict[str, Any]:
    body = {"instance_id": backup.instance.cloud_id, "name": backup.name}
    if backup.description:
        body["description"] = backup.description
    return body


def _outcome_of(error: cloud.CloudError) -> Outcome:
    match error:
        case cloud.CloudNotSent():
            return Outcome.NOT_SENT
        case cloud.CredentialFailed():
            return Outcome.SIGN_IN_FAILED
        case cloud.CloudLater():
            return Outcome.LATER
        case cloud.CloudRefused():
            return Outcome.REFUSED
        case _:
            return Outcome.AMBIGUOUS


def _words(error: cloud.CloudError) -> dict[str, Any]:
    meaning, remedy = connections.in_words(error)
    return {
        "error_code": error.error_code or "",
        "error_message": error.error_msg or meaning,
        "error_remedy": remedy,
    }
