"""A team's settings, changed by its admin."""

import pytest
from django.test import Client

from backups.models import Event, Team
from backups.operations import rights, teams
from tests.fixtures.cast import NOW

PLACE = "/teams/payments/settings"


@pytest.fixture
def desk(client, admin) -> Client:
    """The admin's browser."""
    client.force_login(admin)
    return client


def settings_of(team: Team) -> tuple[int, bool]:
    team.refresh_from_db()
    return team.overdue_hours, team.resends_automatically


def test_an_admin_finds_the_settings_from_the_projects(desk, project):
    assert PLACE in desk.get("/projects/").text
    assert PLACE in desk.get(f"/projects/{project.pk}/").text


def test_who_is_no_admin_is_not_led_there(client, dba, project):
    client.force_login(dba)
    assert PLACE not in client.get("/projects/").text
    assert PLACE not in client.get(f"/projects/{project.pk}/").text


def test_the_page_explains_the_risk_of_sending_again_by_itself(desk, payments):
    page = desk.get(PLACE).text
    assert 'value="24"' in page
    assert "the instance is backed up twice" in page
    assert "checked" not in page


def test_the_settings_are_changed_and_recorded_from_what_to_what(desk, payments, admin):
    page = desk.post(PLACE, {"overdue_hours": "36", "resends_automatically": "on"}, follow=True).text
    assert "The settings of Payments are saved." in page
    assert settings_of(payments) == (36, True)
    event = Event.objects.get(verb="team_changed")
    assert (event.actor, event.team) == (admin, payments)
    assert event.data == {"overdue_hours": [24, 36], "resends_automatically": [False, True]}


def test_saving_what_stands_already_records_nothing(desk, payments):
    desk.post(PLACE, {"overdue_hours": "24"})
    assert not Event.objects.filter(verb="team_changed").exists()


@pytest.mark.parametrize("hours", ["", "0", "241", "many"])
def test_hours_that_make_no_sense_are_told_at_the_field(desk, payments, hours):
    reply = desk.post(PLACE, {"overdue_hours": hours})
    assert reply.status_code == 422
    assert "Nothing was saved" in reply.text
    assert 'id="note-overdue_hours"' in reply.text
    assert settings_of(payments) == (24, False)


def test_only_an_admin_of_the_team_changes_them(payments, dba, lead, stranger):
    for person in (dba, lead, stranger):
        with pytest.raises(rights.RightError):
            teams.change_settings(payments, overdue_hours=1, resends_automatically=True, by=person, at=NOW)
    assert settings_of(payments) == (24, False)


def test_targets_are_set_on_the_same_page_and_recorded(desk, payments):
    page = desk.post("/teams/payments/targets", {"target_production": "12"}, follow=True).text
    assert "The targets of Payments are saved." in page
    assert 'value="12"' in page
    assert Event.objects.get(verb="targets_changed").data == {"production": [None, 12]}


@pytest.mark.parametrize("hours", ["0", "9000", "many"])
def test_a_target_that_makes_no_sense_is_told_at_its_field(desk, payments, hours):
    reply = desk.post("/teams/payments/targets", {"target_others": hours})
    assert reply.status_code == 422
    assert "#id_target_others" in reply.text
    assert f'value="{hours}"' in reply.text
