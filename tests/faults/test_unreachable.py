"""Nothing answers where the cloud should be (faults.md, row 21)."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Outcome, Status
from backups.operations import pace, searching
from tests.cloud.raw_server import always
from tests.faults.steps import submit

ACCEPTED = {"backup": {"id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "status": "BUILDING"}}
EACH = ("unknown_name", "refused", "black_hole")


@pytest.fixture
def unknown_name() -> str:
    """No resolver knows a name below .invalid (RFC 6761)."""
    return "http://gaussdb.cn-north-4.invalid:8080"


@pytest.fixture
def refused() -> str:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def black_hole(settings) -> Iterator[str]:
    """A port whose queue is full: what asks to connect is passed over in silence."""
    settings.CLOUD_DEADLINE_SECONDS = 0.5
    with ExitStack() as opened:
        listener = opened.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def backup(request, instance_at, ask) -> Backup:
    """A backup whose cloud cannot be reached, in the way that the test names."""
    endpoint = request.getfixturevalue(request.param)
    return ask(instance_at(endpoint), "before-release", at=timezone.now())


def waits_of(backup: Backup, count: int) -> list[float]:
    """How long the row waits after each of its next calls, each made when it is due."""
    waits: list[float] = []
    while len(waits) < count:
        assert backup.next_action_at
        at = backup.next_action_at
        backup = submit(backup, at=at)
        assert backup.status == Status.QUEUED
        assert backup.next_action_at
        waits.append((backup.next_action_at - at).total_seconds())
    return waits


@pytest.mark.parametrize("backup", EACH, indirect=True)
def test_row_21_nothing_was_sent_and_the_row_waits_5_seconds_to_5_minutes(backup):
    assert waits_of(backup, 9) == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    backup.refresh_from_db()
    assert {each.outcome for each in backup.attempts.all()} == {Outcome.NOT_SENT}
    assert backup.attempts.count() == 9


@pytest.mark.parametrize("backup", EACH, indirect=True)
def test_row_21_the_project_says_since_when_its_cloud_does_not_answer(backup):
    waits_of(backup, 3)
    project = backup.instance.project
    project.refresh_from_db()
    backup.refresh_from_db()
    assert project.unreachable_since
    assert "could not be reached" in project.unreachable_why
    assert "could not be reached" in backup.error_message


@pytest.mark.parametrize("backup", EACH, indirect=True)
def test_row_21_nobody_who_looks_there_takes_silence_for_a_no(backup):
    since = timezone.now() - pace.look_horizon()
    Backup.objects.filter(pk=backup.pk).update(
        status=Status.UNCONFIRMED, fence=1, unconfirmed_since=since, looks=2, next_action_at=timezone.now()
    )
    for _ in range(4):
        searching.look(backup.pk, at=timezone.now())
        Backup.objects.filter(pk=backup.pk).update(next_action_at=timezone.now())
    backup.refresh_from_db()
    assert (backup.status, backup.looks, backup.needs_decision_at) == (Status.UNCONFIRMED, 2, None)


@pytest.mark.parametrize("backup", ["refused"], indirect=True)
def test_row_21_the_row_goes_on_by_itself_once_something_answers(settings, backup, serve_raw):
    waits_of(backup, 4)
    project = backup.instance.project
    server = serve_raw(always(202, ACCEPTED))
    settings.CLOUD_ENDPOINTS = [server.origin]
    type(project).objects.filter(pk=project.pk).update(endpoint=server.origin)
    backup.refresh_from_db()
    assert submit(backup, at=backup.next_action_at).status == Status.BUILDING
    project.refresh_from_db()
    assert (project.unreachable_since, project.calls_failed) == (None, 0)
    assert len(server.requests) == 1


def test_row_21_others_wait_too_and_one_of_them_asks_at_a_time(refused, instance_at, ask, serve_raw):
    instance = instance_at(refused)
    backup = ask(instance, "before-release", at=timezone.now())
    waits_of(backup, 3)
    instance.project.refresh_from_db()
    assert instance.project.retry_at
    at = instance.project.retry_at
    Backup.objects.update(next_action_at=at)
    assert submit(backup, at=at - timedelta(seconds=2)).attempts.count() == 3
    assert submit(backup, at=at).attempts.count() == 4
