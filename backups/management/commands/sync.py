"""`manage.py sync`: read the instances of projects now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from backups.models import Project
from backups.operations import inventory


class Command(BaseCommand):
    help = "Read the instances of all projects, or of the named ones, from the cloud."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names of projects."""
        parser.add_argument("projects", nargs="*", help="names; all when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync one project after the other and say how each went."""
        found = Project.objects.order_by("name")
        if options["projects"]:
            found = found.filter(name__in=options["projects"])
        for project in found:
            Project.objects.filter(pk=project.pk).update(next_sync_at=timezone.now())
            inventory.sync(project.pk, at=timezone.now())
            project.refresh_from_db()
            self.stdout.write(f"{project}: {project.sync_error or 'up to date'}")
