"""An audit to be touched."""

import pytest

from backups.models import Team, User
from backups.operations import audit, callers
from tests.fixtures.cast import NOW

LENGTH = 12


@pytest.fixture
def chained(payments: Team, dba: User) -> Team:
    """A team with twelve events, the odd ones made by a request."""
    for number in range(1, LENGTH + 1):
        with callers.acting_from("192.0.2.7" if number % 2 else ""):
            audit.record("told", team_id=payments.pk, at=NOW, by=dba, data={"n": number})
    return payments
