"""A turn is waited for, and each credential has its own."""

import time
from uuid import UUID

import pytest
from django.db import connection

from backups.operations.lanes import Lanes

pytestmark = pytest.mark.django_db


def held() -> list[tuple[int, int]]:
    """The advisory locks of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        return cursor.fetchall()


def test_a_call_begins_only_when_its_turn_has_come(project, settings):
    settings.CLOUD_CALLS_PER_SECOND = 4.0
    lanes, began = Lanes(project.credential.pk), time.monotonic()
    for _ in range(6):
        with lanes.turn(within_seconds=5):
            pass
    # Four at once, the fifth and the sixth a quarter of a second apart.
    assert time.monotonic() - began >= 0.4


def test_credentials_whose_ids_differ_have_lanes_of_their_own():
    numbers = [5, 67, 2**30 + 5, 129]
    keys = set()
    for number in numbers:
        with Lanes(UUID(int=number)).lane(within_seconds=1):
            [(key, lane)] = held()
            keys.add(key)
            assert lane == 1
    assert len(keys) == len(numbers)
    assert held() == []
