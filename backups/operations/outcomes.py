"""What came of a call, written back under the fence (faults.md, rules 2 and 3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from backups import cloud
from backups.models import Alarm, Attempt, Backup, Outcome, Status
from backups.operations import alarms, audit, connections, merging, pace, transitions, turns, wake


def write_accepted(
    attempt: Attempt,
    record: cloud.BackupRecord,
    *,
    at: datetime,
    verb: str,
    twins: Sequence[cloud.BackupRecord] = (),
) -> None:
    """The cloud has it: BUILDING under the cloud's id. `twins` have our name too, and are left alone."""
    with audit.act():
        _finish_attempt(attempt, Outcome.ACCEPTED, record.exchange, at=at)
        backup = _still_mine(attempt)
        if backup is None:
            return
        merging.make_way(backup, record.id, at=at)
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
            looks=0,
        )
        if twins:
            alarms.sound(backup, Alarm.DUPLICATE, [twin.id for twin in twins], at=at)
        wake.follow(backup.instance.project_id, seconds=pace.FIRST_FOLLOW.total_seconds())


def write_failure(attempt: Attempt, error: cloud.CloudError, *, at: datetime) -> None:
    """The call did not end well: refused, to be made again later, or of unknown fate."""
    with audit.act():
        outcome = _outcome_of(error)
        _finish_attempt(attempt, outcome, error.exchange, at=at, error=error)
        backup = _still_mine(attempt)
        if backup is None:
            return
        if outcome == Outcome.REFUSED:
            transitions.move(backup, Status.REFUSED, verb="refused", at=at, **_words(error))
            turns.pass_on(backup.instance, at=at)
        elif outcome == Outcome.AMBIGUOUS:
            become_unconfirmed(backup, at=at, verb="no_clear_answer", error=error)
        else:
            _queue_again(backup, error, outcome, at=at)


def _queue_again(backup: Backup, error: cloud.CloudError, outcome: Outcome, *, at: datetime) -> None:
    """Proved not executed: the row goes back to wait for a better moment."""
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


def become_unconfirmed(backup: Backup, *, at: datetime, verb: str, error: cloud.CloudError | None) -> None:
    """Whether the cloud has it is unknown: look in its list before anything else."""
    wait = pace.before_look(timedelta(0))
    transitions.move(
        backup,
        Status.UNCONFIRMED,
        verb=verb,
        at=at,
        data={"attempt": backup.fence},
        unconfirmed_since=at,
        looks=0,
        looks_first=False,
        next_action_at=at + wait,
        **(_words(error) if error else {}),
    )
    wake.look(backup.pk, seconds=wait.total_seconds())


def _still_mine(attempt: Attempt) -> Backup | None:
    """The row, locked, if it still stands as this claim left it."""
    return (
        Backup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("instance__project__credential")
        .filter(pk=attempt.backup_id, status=Status.SUBMITTING, fence=attempt.number)
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
