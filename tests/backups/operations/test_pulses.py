"""Signs of life: the reconciler's own, and a worker's answer to a message through the queue."""

from datetime import timedelta

import pytest

from backups.models import Pulse
from backups.operations import pulses
from tests.fixtures.cast import NOW


@pytest.fixture
def beat(db, django_capture_on_commit_callbacks):
    """Beat at a moment; how many messages are sent through the queue."""

    def beat_at(seconds: float) -> int:
        with django_capture_on_commit_callbacks() as messages:
            pulses.beat(at=NOW + timedelta(seconds=seconds))
        return len(messages)

    return beat_at


def seen(name: str):
    return Pulse.objects.get(name=name).at


def test_the_reconciler_beats_every_five_seconds_whoever_asks(beat):
    moments = []
    for seconds in (0, 1, 4.9, 5, 9, 10):
        beat(seconds)
        moments.append((seen("reconciler") - NOW).total_seconds())
    assert moments == [0, 0, 0, 5, 5, 10]


def test_a_message_goes_through_the_queue_every_fifteen_seconds(beat):
    assert [beat(seconds) for seconds in (0, 5, 10, 15, 20, 25, 30)] == [1, 0, 0, 1, 0, 0, 1]
    assert seen("queue") == NOW + timedelta(seconds=30)


def test_an_answer_is_the_workers_sign_of_life(db):
    pulses.answer(at=NOW)
    pulses.answer(at=NOW + timedelta(seconds=1))
    assert seen("worker") == NOW + timedelta(seconds=1)
    assert Pulse.objects.count() == 1
