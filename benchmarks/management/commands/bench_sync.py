"""`manage.py bench_sync --keys-file FILE --name NAME`: sync, then make the same list calls by themselves."""

import json
import resource
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from backups.cloud.client import CloudClient
from backups.models import Api, Backup, Instance, Membership, Project, Role, Team, User
from backups.operations import audit, connections, demo, projects

MOST_REPLAYED = 1000


class Command(BaseCommand):
    """Print what a sync took, as one line of JSON."""

    help = "Measure a sync of the projects of a keys file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which projects."""
        parser.add_argument("--keys-file", type=Path, required=True)
        parser.add_argument("--name", required=True, help="how the names of the projects begin")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make what is missing, sync, and compare."""
        if not Project.objects.exists():
            adopt(json.loads(options["keys_file"].read_text()), options["name"])
        calls: list[tuple[str, str, dict[str, Any], int]] = []
        page = CloudClient._page

        def noted(client: CloudClient, name: str, query: Any, *, offset: int, **rest: Any) -> Any:
            calls.append((client._project_id, name, dict(query), offset))
            return page(client, name, query, offset=offset, **rest)

        with mock.patch.object(CloudClient, "_page", noted):
            began = time.perf_counter()
            call_command("sync", stdout=self.stderr)
            seconds = time.perf_counter() - began
        told = {
            "seconds": seconds,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "calls": len(calls),
            "floor_seconds": replayed(calls),
            "instances": Instance.objects.count(),
            "backups": Backup.objects.count(),
        }
        self.stdout.write(json.dumps(told))


def adopt(keys: dict[str, Any], name: str) -> None:
    """A team, its admin, and the projects of that name."""
    at = timezone.now()
    with audit.act():
        team = Team.objects.create(name="Bulk", slug="bulk")
        admin = User.objects.create(username="admin")
        Membership.objects.create(team=team, user=admin, roles=[Role.ADMIN], since=at)
        for access in demo.read_access(keys):
            if not access.name.lower().startswith(name):
                continue
            draft = projects.ProjectDraft(
                team=team,
                name=access.name,
                region=access.region,
                endpoint=access.endpoint,
                api=Api.MYSQL_V3,
                project_id=access.project_id,
                kind="aksk",
                access_key=access.access_key,
                secret_key=access.secret_key,
            )
            projects.create_project(draft, by=admin, at=at)


def replayed(calls: list[tuple[str, str, dict[str, Any], int]]) -> float:
    """How many seconds the same pages take with the bare client; of many, some are read and told for all."""
    clients = {row.project_id: connections.client_for(row) for row in Project.objects.all()}
    chosen = calls[:: max(len(calls) // MOST_REPLAYED, 1)]
    began = time.perf_counter()
    for project, name, query, offset in chosen:
        clients[project]._page(name, query, offset=offset)
    return (time.perf_counter() - began) * len(calls) / max(len(chosen), 1)
