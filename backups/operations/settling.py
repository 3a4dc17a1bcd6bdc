"""A person settles what the cloud's list did not: send again, or close."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backups.models import Backup, Status, User
from backups.operations import audit, decisions, pace, rights, transitions, turns, wake
from backups.operations.refusals import Refused


class NotAskedError(Refused):
    """Nobody is asked to decide about the backup, or not any more."""


@audit.act
def send_again(backup: Backup, *, by: User, at: datetime) -> None:
    """Have the call made again, after one more look into the cloud's list that does not show the backup.

    Raises `rights.RightError` and `NotAskedError`.
    """
    _require_asked(backup, by=by)
    if decisions.is_too_late(backup, at=at):
        raise NotAskedError("run_out", _("Its time to run has passed: close it, and ask for a new one."))
    if not _asking(backup).update(send_again_by=by, next_action_at=at):
        raise _not_asked()
    audit.record("send_again_decided", team_id=backup.team_id, at=at, by=by, backup=backup)
    wake.look(backup.pk, seconds=0)


def close(backup: Backup, *, by: User, at: datetime) -> None:
    """Give the backup up. Should the cloud show it within 24 hours of the call, it is taken in all the same.

    Raises `rights.RightError` and `NotAskedError`.
    """
    _require_asked(backup, by=by)
    try:
        transitions.move(
            backup,
            Status.CANCELLED,
            verb="closed",
            at=at,
            by=by,
            send_again_by=None,
            next_watch_at=at + pace.LOOK_EACH,
        )
    except transitions.StaleError as error:
        raise _not_asked() from error
    turns.pass_on(backup.instance, at=at)


def _require_asked(backup: Backup, *, by: User) -> None:
    rights.require(by, "settle", backup.team)
    if backup.needs_decision_at is None:
        raise _not_asked()


def _asking(backup: Backup) -> QuerySet[Backup]:
    return Backup.objects.filter(pk=backup.pk, status=Status.UNCONFIRMED, needs_decision_at__isnull=False)


def _not_asked() -> NotAskedError:
    return NotAskedError(
        "not_asked", _("Nothing is to be decided about this backup now. See where it stands.")
    )
