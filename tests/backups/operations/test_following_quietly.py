"""What is followed without a change makes no noise, and what cannot be asked waits together."""

import pytest

from backups.models import Status
from backups.operations import reach
from backups.queries import changes, horizon
from tests.backups.operations.conftest import follow, read


@pytest.mark.django_db(transaction=True)
def test_what_still_runs_is_no_news_to_an_open_list_until_the_cloud_says_another_word(two, simulator, dba):
    follow(two[0])
    seen = horizon.now()
    backup = follow(read(two[0]))
    assert backup.status == Status.BUILDING
    assert changes.since(dba, seen=seen) is None
    simulator.set_backup_status(backup.cloud_id, "MERGING")
    follow(backup)
    told = changes.since(dba, seen=seen)
    assert told is not None
    assert [row.raw_status for row in told.rows] == ["MERGING"]


def test_once_the_cloud_is_away_all_wait_for_its_next_try(two, simulator):
    simulator.fault(operation="list_backups", at="received", action="drop", times=0)
    project = two[0].instance.project
    for _ in range(reach.FAILURES_BEFORE_PAUSE):
        follow(two[0], max(read(backup).next_action_at for backup in two))
    project.refresh_from_db()
    assert project.retry_at is not None
    assert [read(backup).next_action_at for backup in two] == [project.retry_at] * 2
