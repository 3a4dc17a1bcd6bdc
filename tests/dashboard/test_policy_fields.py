"""A policy that cannot be so: told at the field that is wrong, with everything else as it was typed."""

import pytest

from backups.models import Policy
from tests.dashboard.test_policies import NEW, TYPED


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "taken"}, "name", "There is a policy of that name."),
        ({"zone": "Mars/Base"}, "zone", "There is no such time zone."),
        ({"approvals": 6}, "approvals", "less than or equal to 5"),
        ({"approvals": 5}, "approvals", "Nobody could satisfy it"),
        ({"approve_by_hours": 0}, "approve_by_hours", "greater than or equal to 1"),
        ({"run_by_hours": "soon"}, "run_by_hours", "Enter a whole number."),
        ({"window_from": "25:00"}, "window_from", "Enter a valid time."),
        ({"window_from": "22:00"}, "window_until", "A window has a beginning and an end."),
        ({"weekdays": ["8"]}, "weekdays", "not one of the available choices"),
        ({"environment": "moon"}, "environment", "not one of the available choices"),
        ({"project": "00000000-0000-0000-0000-000000000000"}, "project", "Select a valid choice."),
        ({"weight": 1001}, "weight", "less than or equal to 1000"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_stays(desk, govern, lead, dba, typed, field, told):
    govern(name="taken")
    reply = desk.post(NEW, TYPED | {"label": "kept as typed"} | typed)
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert told in reply.text
    assert 'value="kept as typed"' in reply.text
    assert Policy.objects.count() == 1
