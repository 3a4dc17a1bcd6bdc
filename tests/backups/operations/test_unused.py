"""A machine without a mark goes by how long nothing was written (faults.md, row 31)."""

from datetime import timedelta

import pytest

from backups.models import Backup
from backups.operations import continuity


@pytest.mark.parametrize(
    ("silence", "is_in_doubt"),
    [
        (timedelta(minutes=9, seconds=30), False),
        (timedelta(minutes=10), False),
        (timedelta(minutes=10, seconds=1), True),
    ],
    ids=str,
)
def test_what_waits_since_long_is_in_doubt_once_nothing_was_written_for_ten_minutes(
    orders, ledger, ask, now, silence, is_in_doubt
):
    waiting = ask(orders, "before-release")
    last = now + timedelta(hours=1)
    ask(ledger, "before-release", at=last)
    continuity.check(at=last + silence)
    assert Backup.objects.get(pk=waiting.pk).looks_first == is_in_doubt
    assert not Backup.objects.get(instance=ledger).looks_first or silence > timedelta(minutes=10)
