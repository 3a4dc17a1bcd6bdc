"""`manage.py sync`: read the instances and backups of projects now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from backups.models import Project
from backups.operations import catalog, inventory


class Command(BaseCommand):
    help = (
        "Read the instances and backups of all projects, or of the named ones, from the cloud: the whole "
        "past the first time, then what is new and a part of the past."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Names of projects, and whether the whole past is read again."""
        parser.add_argument("projects", nargs="*", help="names; all when left out")
        parser.add_argument("--whole", action="store_true", help="read the whole past again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync one project after the other and say how far each is."""
        found = Project.objects.order_by("name")
        if options["projects"]:
            found = found.filter(name__in=options["projects"])
        for project in found:
            Project.objects.filter(pk=project.pk).update(next_sync_at=timezone.now())
            inventory.sync(project.pk, at=timezone.now())
            project.refresh_from_db()
            if not project.sync_error:
                self._read_backups(project, is_whole=options["whole"])
            self.stdout.write(
                f"{project}: {project.sync_error or project.catalog_error or _reached(project)}"
            )

    def _read_backups(self, project: Project, *, is_whole: bool) -> None:
        """Step after step, until nothing is due or something goes wrong."""
        swept_at = project.swept_at
        catalog.make_due(project, at=timezone.now())
        while catalog.sync(project.pk, at=timezone.now()):
            project.refresh_from_db()
            if project.catalog_error:
                return
            if project.swept_at is None or project.sweep_at:
                self.stdout.write(f"{project}: {_progress(project)}")
            if is_whole and project.swept_at == swept_at:
                catalog.read_on(project, at=timezone.now())
        project.refresh_from_db()


def _progress(project: Project) -> str:
    back_to = f", back to {project.sweep_at:%Y-%m-%d}" if project.sweep_at else ""
    return f"{project.sweep_seen} of {project.backups_listed} backups read{back_to}"


def _reached(project: Project) -> str:
    return f"up to date, {project.backups_listed} backups in the cloud"
