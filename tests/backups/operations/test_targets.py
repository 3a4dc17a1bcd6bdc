"""An admin sets how old the data of the newest good backup may be."""

from datetime import timedelta

import pytest

from backups.models import Event, RpoTarget
from backups.operations import rights, targets
from backups.queries import targets as held
from backups.queries import verbs
from tests.fixtures.cast import NOW

pytestmark = pytest.mark.django_db


def test_targets_are_set_and_recorded_from_what_to_what(payments, admin):
    targets.change(payments, {"production": 12, "": 48}, by=admin, at=NOW)
    targets.change(payments, {"production": 8, "": None}, by=admin, at=NOW + timedelta(days=1))
    assert held.of(payments) == {"production": 8}
    first, second = Event.objects.filter(verb="targets_changed").order_by("id")
    assert verbs.detail(first) == "Production: none → 12 h, all others: none → 48 h"
    assert verbs.detail(second) == "Production: 12 h → 8 h, all others: 48 h → none"
    assert (second.actor, second.at) == (admin, NOW + timedelta(days=1))


def test_what_held_before_is_kept_for_the_past(payments, admin):
    targets.change(payments, {"production": 12}, by=admin, at=NOW)
    targets.change(payments, {"production": 8}, by=admin, at=NOW + timedelta(days=1))
    asked = (timedelta(minutes=-1), timedelta(0), timedelta(hours=23), timedelta(days=1))
    told = [held.held([payments], at=NOW + each) for each in asked]
    assert told == [
        {},
        {payments.pk: {"production": 12}},
        {payments.pk: {"production": 12}},
        {payments.pk: {"production": 8}},
    ]


def test_saving_what_holds_already_changes_nothing(payments, admin):
    targets.change(payments, {"production": 12}, by=admin, at=NOW)
    targets.change(payments, {"production": 12}, by=admin, at=NOW + timedelta(days=1))
    assert RpoTarget.objects.get().since == NOW
    assert Event.objects.filter(verb="targets_changed").count() == 1


@pytest.mark.parametrize("hours", [1, 8784])
def test_a_target_is_an_hour_at_least_and_a_year_at_most(payments, admin, hours):
    targets.change(payments, {"production": hours}, by=admin, at=NOW)
    assert held.of(payments) == {"production": hours}


@pytest.mark.parametrize("wanted", [{"production": 0}, {"": 8785}, {"moon": 12}])
def test_a_target_that_makes_no_sense_is_refused_at_its_field(payments, admin, wanted):
    with pytest.raises(targets.TargetRefused) as refused:
        targets.change(payments, wanted, by=admin, at=NOW)
    assert refused.value.field in wanted
    assert not RpoTarget.objects.exists()


def test_who_is_no_admin_sets_no_target(payments, dba):
    with pytest.raises(rights.RightError):
        targets.change(payments, {"production": 12}, by=dba, at=NOW)
    assert not RpoTarget.objects.exists()
