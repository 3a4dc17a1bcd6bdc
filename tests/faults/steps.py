"""Steps of a backup's life, taken one by one at moments that a test chooses."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from backups.models import Backup, Credential, Instance, Project, Status, Team, User
from backups.operations import projects, searching, submission
from backups.operations.projects import ProjectDraft
from backups.secrecy.secret import Secret
from tests.fixtures.projects import leave_past_alone, read_instances
from tests.fixtures.simulated_cloud import SimulatedCloud


def draft_of(cloud: SimulatedCloud, access: dict[str, str], team: Team, **changes: Any) -> ProjectDraft:
    """A project of the simulated cloud, as an admin types it."""
    draft = ProjectDraft(
        team=team,
        name=access["name"],
        region=access["region"],
        endpoint=cloud.endpoint,
        api="mysql/v3",
        project_id=access["project_id"],
        kind="aksk",
        access_key=Secret(access["access_key"]),
        secret_key=Secret(access["secret_key"]),
    )
    return replace(draft, **changes)


def connect(draft: ProjectDraft, *, by: User) -> Project:
    """A project of the simulated cloud, its instances read."""
    project = projects.create_project(draft, by=by, at=timezone.now())
    read_instances(project)
    leave_past_alone(project)
    return project


FOUND = {Status.BUILDING, Status.COMPLETED}
"""What a backup that the cloud made may be, depending on how long the test took."""


def some_of(project: Project, count: int) -> list[Instance]:
    """Instances of which backups can be taken; the larger ones, which take a while."""
    return list(project.instances.filter(status="normal").order_by("-volume_gb", "name")[:count])


def submit(backup: Backup, *, at: datetime | None = None) -> Backup:
    """Submit it at `at`, or now; the row as it is then."""
    submission.submit(backup.pk, clock=(lambda: at) if at else timezone.now)
    return Backup.objects.get(pk=backup.pk)


def look(backup: Backup) -> Backup:
    """Take the next look at its own time; the row as it is then."""
    backup.refresh_from_db()
    assert backup.next_action_at
    searching.look(backup.pk, at=backup.next_action_at)
    return Backup.objects.get(pk=backup.pk)


def looks(backup: Backup, cloud: SimulatedCloud, *, most: int = 60) -> Iterator[Backup]:
    """Look again and again, each time when it is due, while time passes in the cloud as well."""
    known = timezone.now()
    for _ in range(most):
        backup.refresh_from_db()
        if backup.status != Status.UNCONFIRMED or backup.next_action_at is None:
            return
        cloud.advance(max((backup.next_action_at - known).total_seconds(), 0))
        known = max(backup.next_action_at, known)
        yield look(backup)


def make_due(project: Project) -> None:
    """Whatever waits for a better moment has waited for it."""
    now = timezone.now()
    Project.objects.filter(pk=project.pk, retry_at__isnull=False).update(retry_at=now)
    waiting = Backup.objects.filter(instance__project=project, next_action_at__isnull=False)
    waiting.update(next_action_at=now)


def let_pass(credential: Credential, time: timedelta) -> None:
    """Let the pace of a credential believe that so much time has passed."""
    Credential.objects.filter(pk=credential.pk).update(calls_until=F("calls_until") - time)


def lose_the_reply(cloud: SimulatedCloud, **more: Any) -> None:
    """The next create call is carried out, and nobody hears of it."""
    cloud.fault(operation="create_backup", at="applied", action="drop", **more)
