"""Asking as the cloud's own clients do, who know no idempotency key: the same call again is the same request.

A script that is told to wait for an approval makes its call again, and again. As long as the request is under
way, and for a while after it has ended, that call finds it; later it asks anew, as it would at the cloud.
"""

from datetime import datetime, timedelta
from uuid import UUID

from backups.models import Backup, Event, Instance, Source, Status, User
from backups.models.states import FINAL, GONE, OPEN, values
from backups.operations import audit, creation

STANDS_FOR = timedelta(minutes=15)
"""After its end: as long as a signature holds (contract.md, "Signing in")."""


@audit.act
def ask(draft: creation.Draft, *, by: User, at: datetime, client_token: UUID) -> Backup:
    """The request that the same call of the same person stands for, or a new one.

    The instance is locked first, so that of many calls at once one asks, and the others find it. Raises as
    `creation.create_backups` does.
    """
    Instance.objects.select_for_update(no_key=True).get(pk=draft.instance.pk)
    earlier = _earlier(draft, by=by)
    if earlier is not None and _stands(earlier, at=at):
        return earlier
    [made] = creation.create_backups([draft], by=by, at=at, client_token=client_token)
    return made


def _earlier(draft: creation.Draft, *, by: User) -> Backup | None:
    same = Backup.objects.filter(
        instance=draft.instance, name=draft.name, description=draft.description, source=Source.HERE
    )
    return same.filter(requested_by=by).select_related("instance").order_by("-id").first()


def _stands(backup: Backup, *, at: datetime) -> bool:
    """Whether it is what the call asks for; one that is taken away, or has come back, is an old one."""
    if backup.status in GONE or backup.status == Status.DELETING:
        return False
    if backup.status in OPEN:
        return True
    ended = Event.objects.filter(backup=backup, to_status__in=values(FINAL)).order_by("id").first()
    return ended is not None and at - ended.at < STANDS_FOR
