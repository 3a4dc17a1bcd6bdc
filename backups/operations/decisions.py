"""Four eyes: another person agrees to exactly what will run, or it does not run.

The one place where a decision is made, whatever the face: page, API, command. Nobody is exempt.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from backups.models import Backup, Decision, Instance, Role, Status, User, Verdict
from backups.operations import audit, content, rights, transitions, turns, wake
from backups.operations.refusals import Refused
from backups.queries import approvers
from backups.queries.approvers import Voice

COMMENT_MAX = 500


class DecisionRefused(Refused):
    """The decision was not taken; the row stands as it stood."""


def approve(backup: Backup, *, by: User, seen: str, at: datetime, comment: str = "") -> None:
    """Agree to `backup` as its content hash `seen` says; the last approval that is needed queues it.

    Raises `DecisionRefused`: who may not, who comes too late, or who saw something else. Every refusal of a
    right is recorded.
    """
    _decide(backup, Verdict.APPROVED, by=by, seen=seen, comment=comment, at=at)


def reject(backup: Backup, *, by: User, seen: str, at: datetime, comment: str) -> None:
    """Say no, and why. One "no" is enough. Raises `DecisionRefused` as `approve` does."""
    _decide(backup, Verdict.REJECTED, by=by, seen=seen, comment=comment, at=at)


def step(backup_id: UUID, *, at: datetime) -> None:
    """Remind of a request at half time, and let it expire when nobody decided in time."""
    with audit.act():
        backup = _locked(backup_id)
        if backup.status != Status.AWAITING_APPROVAL or backup.approve_by is None:
            return
        if at >= backup.approve_by:
            _expire(backup, at=at)
        elif backup.next_action_at and backup.next_action_at <= at:
            Backup.objects.filter(pk=backup.pk).update(next_action_at=backup.approve_by)
            audit.record("reminded", team_id=backup.team_id, at=at, backup=backup)


def run_out(backup_id: UUID, *, at: datetime) -> None:
    """Give up a queued backup whose time to begin has passed."""
    with audit.act():
        # The instance first, as every claim does: the next in line is woken here too.
        Instance.objects.select_for_update(no_key=True).get(backups=backup_id)
        backup = _locked(backup_id)
        if backup.status == Status.QUEUED and is_too_late(backup, at=at):
            expire_queued(backup, at=at)


def is_too_late(backup: Backup, *, at: datetime) -> bool:
    """Whether the time to begin has passed."""
    return backup.run_by is not None and at >= backup.run_by


def expire_queued(backup: Backup, *, at: datetime) -> None:
    """Move a locked QUEUED row that came too late to its end; what may have been sent is still watched."""
    why = _("It could not begin before its time to run had passed.")
    if backup.unconfirmed_since:
        transitions.move(backup, Status.CANCELLED, verb="run_out", at=at, error_message=why, next_watch_at=at)
    else:
        transitions.move(backup, Status.EXPIRED, verb="run_out", at=at, error_message=why)
    turns.pass_on(backup.instance, at=at)


def stand(backup: Backup, *, at: datetime) -> bool:
    """Whether the approvals of a locked QUEUED row still stand; else it waits for others, or is cancelled.

    An approval is void once whoever gave it, or in whose stead it was given, has lost the right. What would
    run must be what was approved.
    """
    if not backup.approvals_needed or backup.is_break_glass:
        return True
    if content.hash_of(backup) != backup.content_hash:
        why = _("Its project was changed after the approval: what would run is not what was approved.")
        transitions.move(backup, Status.CANCELLED, verb="cancelled", at=at, error_message=why)
        turns.pass_on(backup.instance, at=at)
        return False
    lost = [row for row in approvers.standing(backup) if not _still_holds(row, backup)]
    if not lost:
        return True
    why = _("%(people)s may no longer approve.") % {
        "people": ", ".join(sorted({row.voice.display_name for row in lost}))
    }
    Decision.objects.filter(pk__in=[row.pk for row in lost]).update(voided_at=at, void_reason=why)
    transitions.move(
        backup,
        Status.AWAITING_APPROVAL,
        verb="approval_void",
        at=at,
        data={"why": why},
        run_by=None,
        next_action_at=backup.approve_by,
        error_message=why,
    )
    if backup.approve_by and at >= backup.approve_by:
        _expire(backup, at=at)
    turns.pass_on(backup.instance, at=at)
    return False


def _decide(backup: Backup, verdict: Verdict, *, by: User, seen: str, comment: str, at: datetime) -> None:
    comment = comment.strip()
    with audit.act():
        row = _locked(backup.pk)
        right = rights.may_decide(by, row, at=at)
        refusal = (
            DecisionRefused("no_right", right.why_not)
            if not right.is_allowed
            else _why_not(row, verdict, seen=seen, comment=comment, at=at)
        )
        if refusal is None:
            [voice, *_others] = rights.voices_of(by, row, at=at)
            _write(row, verdict, voice, comment=comment, at=at)
        elif refusal.code != "invalid":
            data = {"verdict": verdict.value, "why": refusal.message}
            audit.record("decision_refused", team_id=row.team_id, at=at, by=by, backup=row, data=data)
    if refusal is not None:
        raise refusal


def _why_not(
    backup: Backup, verdict: Verdict, *, seen: str, comment: str, at: datetime
) -> DecisionRefused | None:
    if backup.status != Status.AWAITING_APPROVAL:
        return DecisionRefused("too_late", _outcome(backup))
    if backup.approve_by and at >= backup.approve_by:
        _expire(backup, at=at)
        return DecisionRefused("expired", _("The time to decide has passed: the request has expired."))
    if seen != backup.content_hash or content.hash_of(backup) != backup.content_hash:
        return DecisionRefused("other_content", _("What you saw is not what would run. Read it again."))
    if verdict == Verdict.REJECTED and not comment:
        return DecisionRefused("invalid", _("Say why you reject it."), "comment")
    if len(comment) > COMMENT_MAX:
        too_long = _("%(count)d characters; at most %(limit)d.")
        return DecisionRefused("invalid", too_long % {"count": len(comment), "limit": COMMENT_MAX}, "comment")
    return None


def _outcome(backup: Backup) -> str:
    """What came of it, for whoever came second."""
    last = Decision.objects.filter(backup=backup).select_related("person").order_by("-at", "-id").first()
    if last is None or backup.status in (Status.EXPIRED, Status.CANCELLED):
        return _("It is no longer waiting: %(status)s.") % {"status": backup.get_status_display().lower()}
    return _("%(person)s was first: %(verdict)s.") % {
        "person": last.person.display_name,
        "verdict": last.get_verdict_display().lower(),
    }


def _write(backup: Backup, verdict: Verdict, voice: Voice, *, comment: str, at: datetime) -> None:
    Decision.objects.create(
        backup=backup,
        # The database refuses a request that nobody asked for.
        requester=cast(User, backup.requested_by),
        content_hash=backup.content_hash,
        person=voice.person,
        voice=voice.owner,
        verdict=verdict,
        comment=comment,
        at=at,
    )
    data = {"comment": comment, **({} if voice.is_own else {"for": voice.owner.display_name})}
    if verdict == Verdict.REJECTED:
        transitions.move(backup, Status.REJECTED, verb="rejected", at=at, by=voice.person, data=data)
    else:
        _count(backup, voice, data, at=at)


def _count(backup: Backup, voice: Voice, data: dict[str, str], *, at: datetime) -> None:
    """Record an approval, and queue the backup where it was the last that is needed."""
    given = approvers.standing(backup).count()
    told = data | {"given": given, "needed": backup.approvals_needed}
    if given < backup.approvals_needed:
        audit.record("approved", team_id=backup.team_id, at=at, by=voice.person, backup=backup, data=told)
        # Whoever has the page open sees it: any write raises the revision.
        Backup.objects.filter(pk=backup.pk).update(next_action_at=backup.next_action_at)
        return
    hours = backup.run_by_hours
    transitions.move(
        backup,
        Status.QUEUED,
        verb="approved",
        at=at,
        by=voice.person,
        data=told,
        run_by=at + timedelta(hours=hours) if hours else None,
        next_action_at=at,
        error_message="",
    )
    wake.submit(backup.pk)


def _expire(backup: Backup, *, at: datetime) -> None:
    why = _("Nobody decided in time.")
    transitions.move(backup, Status.EXPIRED, verb="expired", at=at, error_message=why)


def _still_holds(decision: Decision, backup: Backup) -> bool:
    members = {row.user_id: row for row in approvers.active_members(backup.team)}
    owner = members.get(decision.voice_id)
    return decision.person_id in members and owner is not None and Role.APPROVER in owner.roles


def _locked(backup_id: UUID) -> Backup:
    rows = Backup.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("team", "requested_by", "instance__project", "instance__team").get(
        pk=backup_id
    )
