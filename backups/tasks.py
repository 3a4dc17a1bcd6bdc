"""Celery tasks: ids in, one operation called."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from backups.operations import catalog, delivering, inventory, progress, pulses, searching, submission


@shared_task(name="backups.submit")
def submit(*, backup_id: str) -> None:
    """Send a queued backup to the cloud."""
    submission.submit(UUID(backup_id))


@shared_task(name="backups.look")
def look(*, backup_id: str) -> None:
    """Look for a backup of unknown fate."""
    searching.look(UUID(backup_id), at=timezone.now())


@shared_task(name="backups.follow")
def follow(*, project_pk: str) -> None:
    """Follow a project's running backups."""
    progress.follow(UUID(project_pk), at=timezone.now())


@shared_task(name="backups.deliver")
def deliver() -> None:
    """Tell people what they want to be told of."""
    delivering.deliver()


@shared_task(name="backups.canary")
def canary() -> None:
    """Show that messages reach a worker."""
    pulses.answer(at=timezone.now())


@shared_task(name="backups.sync")
def sync(*, project_pk: str) -> None:
    """Read a project's instances."""
    inventory.sync(UUID(project_pk), at=timezone.now())


@shared_task(name="backups.catalog")
def read_catalog(*, project_pk: str) -> None:
    """Read the next part of a project's backups."""
    catalog.sync(UUID(project_pk), at=timezone.now())
