"""The first steps of an empty Safepoint."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from backups.models import Event, Membership, Team, User
from backups.operations import rights, setup
from tests.fixtures.cast import NOW, PASSWORD

FIRST: dict[str, Any] = {
    "username": "root",
    "email": "root@example.com",
    "password": PASSWORD,
    "team_name": "Payments",
    "at": NOW,
}


@pytest.mark.django_db
def test_the_first_admin_gets_a_team_and_may_ask_and_manage():
    assert setup.needs_first_admin()
    user = setup.create_first_admin(**FIRST)
    team = Team.objects.get()
    assert rights.may(user, "create_backup", team).is_allowed
    assert rights.may(user, "manage_projects", team).is_allowed
    assert user.check_password(PASSWORD)
    assert not user.is_superuser
    assert Event.objects.get().verb == "team_created"
    assert not setup.needs_first_admin()


@pytest.mark.django_db
def test_a_weak_password_is_refused_at_its_field_and_makes_nobody():
    with pytest.raises(setup.SetupRefused) as refused:
        setup.create_first_admin(**FIRST | {"password": "password"})
    assert refused.value.field == "password"
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_at_once_one_becomes_the_first_admin():
    def come(number):
        try:
            setup.create_first_admin(**FIRST | {"username": f"root{number}"})
        except setup.SetupRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(come, range(4))) == 1
    assert Membership.objects.count() == 1
