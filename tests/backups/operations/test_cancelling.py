"""Taking back what was not sent yet."""

import pytest

from backups.models import Status
from backups.operations import creation
from backups.operations.rights import RightError
from tests.fixtures.cast import NOW


def test_a_queued_backup_can_be_taken_back_until_it_is_sent(orders, dba, auditor, ask):
    backup = ask(orders, "before-release")
    with pytest.raises(RightError):
        creation.cancel(backup, by=auditor, at=NOW)
    creation.cancel(backup, by=dba, at=NOW)
    backup.refresh_from_db()
    assert (backup.status, backup.next_action_at) == (Status.CANCELLED, None)
    with pytest.raises(creation.TooLateError):
        creation.cancel(backup, by=dba, at=NOW)
