"""A team's own rules are changed by who may, and no event tells of what did not change."""

import pytest

from backups.models import Event, Team
from backups.operations import rights, teams
from tests.fixtures.cast import NOW


def test_a_change_is_told_from_what_to_what_and_none_is_told_where_nothing_changed(payments, admin):
    for _ in range(2):
        teams.change_settings(payments, overdue_hours=12, resends_automatically=True, by=admin, at=NOW)
    changed = Team.objects.get(pk=payments.pk)
    assert (changed.overdue_hours, changed.resends_automatically) == (12, True)
    event = Event.objects.get(verb="team_changed")
    assert event.data == {
        "overdue_hours": [payments.overdue_hours, 12],
        "resends_automatically": [False, True],
    }


def test_who_is_no_admin_changes_nothing(payments, lead):
    with pytest.raises(rights.RightError):
        teams.change_settings(payments, overdue_hours=12, resends_automatically=True, by=lead, at=NOW)
