"""A hint to a worker is sent after the commit and never waits long; its loss is known (faults.md, rule 7)."""

import time
from uuid import uuid4

import pytest
from celery import current_app

from backups.models import Pulse
from backups.operations import wake


class Broker:
    """What was sent, and what the next sending raises."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict]] = []
        self.failure: Exception | None = None

    def send_task(self, name: str, **options) -> None:
        self.sent.append((name, options))
        if self.failure:
            raise self.failure


@pytest.fixture
def broker(db, monkeypatch):
    """In place of the one that real workers listen to; this process has not been told to be silent."""
    broker = Broker()
    monkeypatch.setattr(current_app, "send_task", broker.send_task)
    monkeypatch.setattr(wake, "_silence", wake._Silence())
    return broker


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Wake somebody, and commit."""

    def wake_and_commit(hint, *args, **options):
        with django_capture_on_commit_callbacks(execute=True):
            hint(*args, **options)

    return wake_and_commit


def test_each_hint_names_its_task_and_its_row_and_does_not_last(broker, commit):
    pk = uuid4()
    commit(wake.submit, pk)
    commit(wake.look, pk, seconds=2.0)
    commit(wake.follow, pk, seconds=30.0)
    commit(wake.sync, pk)
    commit(wake.canary)
    told = [(name, options["kwargs"], options["countdown"]) for name, options in broker.sent]
    assert told == [
        ("backups.submit", {"backup_id": str(pk)}, None),
        ("backups.look", {"backup_id": str(pk)}, 2.0),
        ("backups.follow", {"project_pk": str(pk)}, 30.0),
        ("backups.sync", {"project_pk": str(pk)}, None),
        ("backups.canary", {}, None),
    ]
    assert all(options["retry"] is False and options["expires"] == 120 for _, options in broker.sent)


def test_nothing_is_sent_before_the_commit(broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as hints:
        wake.submit(uuid4())
    assert (broker.sent, len(hints)) == ([], 1)


def test_what_is_far_off_is_left_to_the_reconciler(broker, commit):
    commit(wake.look, uuid4(), seconds=30.1)
    assert broker.sent == []


def test_a_broker_that_fails_is_left_alone_for_five_seconds_and_the_failure_is_known(
    broker, commit, monkeypatch
):
    broker.failure = OSError("gone")
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    commit(wake.submit, uuid4())
    assert Pulse.objects.get(name="queue").failed_at
    Pulse.objects.all().delete()
    moment[0] += 4.9
    commit(wake.submit, uuid4())
    assert len(broker.sent) == 1
    assert not Pulse.objects.exists()
    broker.failure = None
    moment[0] += 0.1
    commit(wake.submit, uuid4())
    assert len(broker.sent) == 2
    assert not Pulse.objects.exists()
