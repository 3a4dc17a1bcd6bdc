"""An audit to be touched."""

import pytest

from backups.models import Team, User
from backups.operations import audit
from tests.fixtures.cast import NOW

LENGTH = 12


@pytest.fixture
def chained(payments: Team, dba: User) -> Team:
    """A team with twelve events."""
    for number in range(LENGTH):
        audit.record("told", team_id=payments.pk, at=NOW, by=dba, data={"n": number})
    return payments
