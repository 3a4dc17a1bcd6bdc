"""Who waits for whom: one backup at a time on an instance, first come, first served."""

from datetime import datetime

from django.db.models import Q

from backups.models import Backup, Instance, Project, Source, Status
from backups.models.states import OCCUPYING, in_sql

OCCUPIED_BY = f"""
SELECT other.name FROM backups_backup AS other
WHERE other.instance_id = b.instance_id AND other.status IN ({in_sql(OCCUPYING)})
ORDER BY other.id LIMIT 1
"""
"""The name of what occupies the instance of `b`, inside a query that reads backups."""


def running_on(instance: Instance) -> Backup | None:
    """The backup that occupies `instance` in the cloud now, made here or elsewhere."""
    return Backup.objects.filter(instance=instance, status__in=OCCUPYING).order_by("id").first()


def ahead_of(backup: Backup) -> Backup | None:
    """The backup that a queued one waits for: what runs on its instance, else the first asked earlier."""
    others = Backup.objects.filter(instance=backup.instance_id).exclude(pk=backup.pk)
    occupying = others.filter(status__in=OCCUPYING).order_by("id").first()
    return (
        occupying
        or others.filter(asked_before(backup), status=Status.QUEUED).order_by("requested_at", "id").first()
    )


def is_anything_to_send(project: Project, *, at: datetime) -> bool:
    """Whether a request of `project` is due: its call goes before whatever may wait."""
    asked = Backup.objects.filter(instance__project=project, source=Source.HERE, status=Status.QUEUED)
    return asked.filter(next_action_at__lte=at).exists()


def next_in_line(instance: Instance) -> Backup | None:
    """The queued backup whose turn is next on `instance`."""
    queued = Backup.objects.filter(instance=instance, source=Source.HERE, status=Status.QUEUED)
    return queued.order_by("requested_at", "id").first()


def asked_before(backup: Backup) -> Q:
    """Rows asked for earlier than `backup`."""
    return Q(requested_at__lt=backup.requested_at) | Q(requested_at=backup.requested_at, id__lt=backup.pk)
