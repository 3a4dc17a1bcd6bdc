"""Backups of unknown fate, which several stories begin with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone
from pytest_django import Settings

from backups.models import Backup, Instance, Project
from backups.operations import progress, searching, submission, wake
from tests.fixtures.fleet import AskFor
from tests.fixtures.simulated_cloud import SimulatedCloud

Lose = Callable[..., Any]


@pytest.fixture
def smallest(simulated: Project, settings: Settings) -> Instance:
    """The smallest instance that takes backups; the looks of a story of hours are not held back."""
    settings.CLOUD_CALLS_PER_SECOND = 1000.0
    return simulated.instances.filter(status="normal").order_by("volume_gb")[0]


@pytest.fixture
def lose(smallest: Instance, simulator: SimulatedCloud, ask: AskFor) -> Lose:
    """Ask for a backup whose call gets no answer; `lose(at="applied")` leaves it in the cloud, unlisted."""

    def lose_answer(name: str = "before-release", *, at: str = "received") -> Any:
        backup = ask(smallest, name, at=timezone.now())
        simulator.control("lag", {"seconds": 86400})
        simulator.fault(operation="create_backup", at=at, action="drop")
        submission.submit(backup.pk)
        return read(backup)

    return lose_answer


@pytest.fixture
def asked(lose: Lose) -> Backup:
    """A backup that a person is to decide about; the cloud never heard of it."""
    return look_until_asked(lose())


@pytest.fixture
def building(smallest: Instance, ask: AskFor) -> Any:
    """A backup that the cloud builds."""
    backup = ask(smallest, "before-release", at=timezone.now())
    submission.submit(backup.pk)
    return read(backup)


def look_until_asked(backup: Any) -> Any:
    """Let time pass until a person is asked."""
    while backup.needs_decision_at is None:
        searching.look(backup.pk, at=backup.next_action_at)
        backup = read(backup)
    return backup


def read(backup: Backup) -> Any:
    """The row as it stands; of any type, since a story knows which of its times are set."""
    return Backup.objects.select_related("instance", "team").get(pk=backup.pk)


@pytest.fixture
def lost(lose: Lose, simulator: SimulatedCloud) -> Any:
    """A backup that the cloud made and lists, of whose call no answer came."""
    backup = lose(at="applied")
    simulator.control("lag", {"seconds": 0})
    return backup


def namesakes(backup: Backup) -> list[Backup]:
    """The other rows of its name on its instance."""
    return list(Backup.objects.filter(instance=backup.instance_id, name=backup.name).exclude(pk=backup.pk))


Hints = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def hints(db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Hints:
    """What workers are told while something is done, with what delay: `hints(settling.close, backup)`."""
    sent: list[tuple[Any, ...]] = []

    def send_task(name: str, *, kwargs: dict[str, str], countdown: float | None, **_options: Any) -> None:
        sent.append((name.removeprefix("backups."), *kwargs.values(), countdown))

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(wake, "_silence", wake._Silence())

    def during(operation: Callable[..., Any], *args: Any, **options: Any) -> list[tuple[Any, ...]]:
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            operation(*args, **options)
        return list(sent)

    return during


@pytest.fixture
def two(simulated: Project, settings: Settings, ask: AskFor) -> list[Any]:
    """Two backups that run at the same time, of two instances, the first one first."""
    settings.CLOUD_CALLS_PER_SECOND = 1000.0
    rows = simulated.instances.filter(status="normal").order_by("volume_gb")[:2]
    backups = [ask(row, f"before-release-{row.name}"[:60], at=timezone.now()) for row in rows]
    for backup in backups:
        submission.submit(backup.pk)
    return [read(backup) for backup in backups]


def follow(backup: Any, at: datetime | None = None) -> Any:
    """Read the list that shows the backup, when it is due; the backup as it is then."""
    progress.follow(backup.instance.project_id, at=at or backup.next_action_at)
    return read(backup)
