"""The one function that changes a status."""

from itertools import product

import pytest

from backups.models import Event, Status
from backups.models.states import ARROWS, FINAL, GOOD
from backups.operations import transitions
from tests.fixtures.cast import NOW

NO_ARROWS = [
    (origin, to) for origin, to in product(Status, Status) if to not in ARROWS.get(origin, frozenset())
]


def test_a_move_writes_its_event_and_raises_the_revision(orders, ask, dba):
    backup = ask(orders, "before-release")
    backup.refresh_from_db()
    before = backup.revision
    transitions.move(backup, Status.CANCELLED, verb="cancelled", at=NOW, by=dba, data={"why": "test"})
    backup.refresh_from_db()
    assert backup.revision > before
    event = Event.objects.filter(backup=backup).order_by("-id")[0]
    assert (event.from_status, event.to_status, event.actor, event.data) == (
        "QUEUED",
        "CANCELLED",
        dba,
        {"why": "test"},
    )


@pytest.mark.parametrize(("origin", "to"), NO_ARROWS)
def test_there_is_no_way_but_the_arrows(orders, ask, origin, to):
    backup = ask(orders, "before-release")
    backup.status = origin
    with pytest.raises(transitions.ArrowError):
        transitions.move(backup, to, verb="forced", at=NOW)
    assert not Event.objects.filter(verb="forced").exists()


def test_who_comes_second_changes_nothing(orders, ask):
    first = ask(orders, "before-release")
    second = type(first).objects.get(pk=first.pk)
    transitions.move(first, Status.CANCELLED, verb="cancelled", at=NOW)
    with pytest.raises(transitions.StaleError):
        transitions.move(second, Status.EXPIRED, verb="expired", at=NOW)
    assert not Event.objects.filter(verb="expired").exists()


def test_a_stale_fence_changes_nothing(orders, ask):
    backup = ask(orders, "before-release")
    type(backup).objects.filter(pk=backup.pk).update(fence=7)
    with pytest.raises(transitions.StaleError):
        transitions.move(backup, Status.CANCELLED, verb="cancelled", at=NOW)


def test_every_status_is_final_or_has_a_way_on():
    # What a person closed, or what has gone, may turn up in the cloud; a word may come to be known.
    for status in FINAL - GOOD - {Status.CANCELLED, Status.VANISHED, Status.UNKNOWN}:
        assert status not in ARROWS
    for status in set(Status) - FINAL:
        assert ARROWS[status]
