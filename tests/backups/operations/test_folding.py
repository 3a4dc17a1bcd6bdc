"""The daily summaries are folded in the background, and nobody who reads them notices."""

from datetime import date

import pytest

from backups.models import Backup, InstanceTally, TeamTally
from backups.operations import folding, reconciling
from backups.queries import summaries
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW

EVER = date(2000, 1, 1)


@pytest.fixture
def grown(orders, monkeypatch) -> None:
    """Four backups of one day, and a threshold that lets it fold."""
    monkeypatch.setattr(folding, "WORTHWHILE", 2)
    for number in range(4):
        past(orders, 1, name=f"nightly-{number}")


def told(orders) -> tuple:
    return summaries.of_teams([orders.team_id], since=EVER), summaries.of_instance(orders, since=EVER)


def test_many_rows_of_a_day_become_one_that_says_the_same(grown, orders):
    before = told(orders)
    assert (TeamTally.objects.count(), InstanceTally.objects.count()) == (4, 4)
    folding.fold()
    assert (TeamTally.objects.count(), InstanceTally.objects.count()) == (1, 1)
    assert told(orders) == before
    folding.fold()
    assert told(orders) == before


def test_what_came_to_nothing_leaves_no_row(grown, orders):
    Backup.objects.all().delete()
    folding.fold()
    assert (TeamTally.objects.count(), InstanceTally.objects.count()) == (0, 0)


def test_the_reconciler_folds_once_enough_has_come_together(grown, orders):
    def is_due() -> bool:
        return "fold" in {step.name for step in reconciling.due_steps(at=NOW)}

    assert is_due()
    folding.fold()
    assert not is_due()
