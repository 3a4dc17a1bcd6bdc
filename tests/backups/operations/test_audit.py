"""An event and its act: both or neither, at one place in the chain of the team."""

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from backups.models import AuditHead, Backup, Event, Status, Team
from backups.operations import audit, transitions
from backups.queries import marks
from tests.fixtures.cast import NOW


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def record(team: Team, verb: str) -> None:
    audit.record(verb, team_id=team.pk, at=NOW)


@pytest.mark.django_db
def test_events_of_each_team_are_numbered_from_one_and_linked(payments, storefront, dba):
    with audit.act():
        record(payments, "first")
        record(storefront, "other")
        record(payments, "second")
        assert verbs() == []
    first, second = Event.objects.filter(team=payments).order_by("number")
    assert (first.number, second.number, Event.objects.get(team=storefront).number) == (1, 2, 1)
    head = AuditHead.objects.get(team=payments)
    assert (head.number, head.mac) == (2, second.mac)
    assert marks.keys().is_genuine(second.link(number=2, previous=first.mac), second.mark)
    assert not marks.keys().is_genuine(second.link(number=2, previous=""), second.mark)


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_event(payments):
    with pytest.raises(ValueError, match="no"), audit.act():
        record(payments, "lost")
        raise ValueError("no")
    assert (verbs(), AuditHead.objects.get().number) == ([], 0)
    record(payments, "kept")
    assert verbs() == ["kept"]


@pytest.mark.django_db
def test_an_act_within_an_act_takes_only_its_own_events_along_when_it_fails(payments):
    with audit.act():
        record(payments, "before")
        with pytest.raises(ValueError, match="no"), audit.act():
            record(payments, "lost")
            with audit.act():
                record(payments, "lost as well")
            raise ValueError("no")
        with audit.act():
            record(payments, "joined")
    assert verbs() == ["before", "joined"]


@pytest.mark.django_db
def test_an_act_that_is_marked_for_rollback_leaves_no_event(payments):
    with audit.act():
        record(payments, "lost")
        transaction.set_rollback(True)
    with audit.act():
        with audit.act():
            record(payments, "lost")
            transaction.set_rollback(True)
        record(payments, "kept")
    assert verbs() == ["kept"]


@pytest.mark.django_db
def test_an_event_cannot_outlive_a_savepoint_that_is_no_act(payments):
    with pytest.raises(audit.ChainError, match="use act"), audit.act(), transaction.atomic():
        record(payments, "lost")
    assert verbs() == []


@pytest.mark.django_db(transaction=True)
def test_an_act_is_the_outermost_transaction(payments):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        record(payments, "lost")
    record(payments, "kept")
    assert verbs() == ["kept"]
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_a_decorated_function_may_be_called_again_and_within_itself(payments):
    @audit.act
    def count(down: int) -> int:
        record(payments, f"{down} left")
        return count(down - 1) + 1 if down else 0

    assert (count(2), count(0)) == (2, 0)
    assert verbs() == ["2 left", "1 left", "0 left", "0 left"]


@pytest.mark.django_db
def test_a_status_that_somebody_else_changed_leaves_no_event(orders, ask, dba):
    backup = ask(orders, "before-release")
    Backup.objects.filter(pk=backup.pk).update(fence=7)
    before = verbs()
    with audit.act(), pytest.raises(transitions.StaleError):
        transitions.move(backup, Status.CANCELLED, verb="cancelled", at=NOW, by=dba)
    assert verbs() == before


@pytest.mark.django_db
def test_without_the_end_of_its_chain_a_team_acts_no_more(payments):
    AuditHead.objects.all().delete()
    with pytest.raises(audit.ChainError, match="verify_audit"):
        record(payments, "lost")
    assert verbs() == []


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)


@pytest.mark.django_db
@given(data=st.dictionaries(TEXT, JSON))
def test_whatever_an_event_tells_its_mark_is_genuine_once_it_comes_back(data):
    team, _ = Team.objects.get_or_create(name="Payments", slug="payments")
    audit.record("told", team_id=team.pk, at=NOW, data=data)
    event, previous = [*Event.objects.order_by("-number")[:2], None][:2]
    assert event is not None
    link = event.link(number=event.number, previous=previous.mac if previous else "")
    assert marks.keys().is_genuine(link, event.mark)
