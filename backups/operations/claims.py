"""The right to make one call: taken in a short transaction, lost when its lease ends (faults.md, rule 1)."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from backups.models import Attempt, Backup, Instance, Outcome, Status
from backups.operations import (
    audit,
    content,
    continuity,
    decisions,
    outcomes,
    pace,
    reach,
    rights,
    transitions,
    turns,
)
from backups.queries import waiting

WAIT_FOR_TURN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one call: the row as claimed, under its fence, and the attempt that records it."""

    backup: Backup
    attempt: Attempt

    def may_begin(self, *, at: datetime) -> bool:
        """Whether a call that begins now surely ends, by its own deadline, before the lease does.

        A process that was stopped between claim and call must not call when others have taken over.
        """
        deadline = timedelta(seconds=settings.CLOUD_DEADLINE_SECONDS)
        return self.backup.lease_until is not None and at + deadline <= self.backup.lease_until


def claim(backup_id: UUID, *, at: datetime) -> Claim | None:
    """Claim a due QUEUED backup for one call, or None where there is nothing to do now.

    Every right is checked again here, under the lock of the instance: the requester may still ask, the
    instance is there, nothing else runs on it, and its cloud may be called.
    """
    continuity.check(at=at)
    claimed = _claim(backup_id, at=at)
    if claimed is not None:
        continuity.remember()
    return claimed


@audit.act
def _claim(backup_id: UUID, *, at: datetime) -> Claim | None:
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
    if decisions.is_too_late(backup, at=at):
        decisions.expire_queued(backup, at=at)
        return None
    if not decisions.stand(backup, at=at):
        return None
    if _is_forbidden(backup, at=at) or _must_wait(backup, at=at):
        return None
    if backup.looks_first:
        outcomes.become_unconfirmed(backup, at=at, verb="in_doubt", error=None)
        return None
    backup.fence += 1
    Backup.objects.filter(pk=backup.pk).update(fence=backup.fence)
    lease = at + pace.lease()
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
        send_again_by=None,
    )
    attempt = Attempt.objects.create(
        backup=backup,
        number=backup.fence,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        started_at=at,
        request=content.body_of(backup.instance, name=backup.name, description=backup.description),
    )
    return Claim(backup, attempt)


@audit.act
def expire_lease(backup_id: UUID, *, at: datetime) -> None:
    """Take a SUBMITTING row whose worker did not come back: whether the cloud heard it is unknown."""
    backup = Backup.objects.select_for_update(no_key=True).get(pk=backup_id)
    # Only a SUBMITTING row has a lease (constraint backup_lease_while_submitting).
    if backup.lease_until is None or backup.lease_until > at:
        return
    Attempt.objects.filter(backup=backup, number=backup.fence, outcome=Outcome.IN_FLIGHT).update(
        outcome=Outcome.LOST, finished_at=at
    )
    outcomes.become_unconfirmed(backup, at=at, verb="lease_ended", error=None)


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
    if waiting.ahead_of(backup) is not None:
        Backup.objects.filter(pk=backup.pk).update(next_action_at=at + WAIT_FOR_TURN)
        return True
    if backup.looks_first:
        return False
    hold = reach.admit(backup.instance.project, at=at)
    if hold is None:
        return False
    Backup.objects.filter(pk=backup.pk).update(
        next_action_at=hold.until, error_message=hold.message, error_remedy=hold.remedy
    )
    return True
