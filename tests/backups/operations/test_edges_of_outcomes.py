"""What is taken from the cloud's words and what from our own clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Event, Status
from backups.operations import progress, rights, searching, submission
from tests.backups.operations.conftest import look_until_asked, read

HOUR = timedelta(hours=1)


def test_a_backup_began_when_the_cloud_says_so(smallest, ask):
    at = timezone.now().replace(microsecond=1)
    backup = ask(smallest, "before-release", at=at)
    submission.submit(backup.pk, clock=lambda: at)
    # The cloud tells whole seconds.
    assert read(backup).begin_time.microsecond == 0


@pytest.fixture
def listed(building, monkeypatch) -> Any:
    """Have the cloud list the running backup with these facts: `listed(status="COMPLETED")`."""

    def say(**facts: Any) -> Any:
        record = cloud.BackupRecord(id=building.cloud_id, name=building.name, **facts)
        monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda *_args, **_window: [record])
        at = read(building).next_action_at
        progress.follow(building.instance.project_id, at=at)
        return read(building), at

    return say


def test_the_cloud_has_the_last_word_on_begin_and_end(listed, building):
    begun, ended = building.begin_time - HOUR, building.begin_time + HOUR
    backup, _ = listed(status="COMPLETED", begin_time=begun, end_time=ended)
    assert (backup.begin_time, backup.end_time) == (begun, ended)


def test_where_the_cloud_tells_no_times_it_began_as_known_and_ended_now(listed, building):
    backup, at = listed(status="COMPLETED")
    assert (backup.begin_time, backup.end_time) == (building.begin_time, at)


def test_what_is_missing_once_is_looked_for_again_at_its_usual_pace(building, monkeypatch, hints):
    monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda *_args, **_window: [])
    at = building.next_action_at
    [told] = hints(progress.follow, building.instance.project_id, at=at)
    wait = (read(building).next_action_at - at).total_seconds()
    assert told == ("follow", str(building.instance.project_id), wait)
    assert wait < 10


def test_that_a_person_is_asked_is_told_once(lose):
    asked = look_until_asked(lose())
    searching.look(asked.pk, at=read(asked).next_action_at)
    assert Event.objects.filter(backup=asked, verb="decision_needed").count() == 1


def test_before_anybody_is_asked_nothing_is_told(lose):
    lost = lose()
    searching.look(lost.pk, at=lost.next_action_at)
    assert read(lost).status == Status.UNCONFIRMED
    assert not Event.objects.filter(backup=lost, verb="decision_needed").exists()


def test_of_hits_the_earliest_is_ours_and_one_without_a_time_comes_last(lose, monkeypatch):
    lost, now = lose(), timezone.now()
    facts = [("untold", None), ("second", now + HOUR), ("first", now), ("another", now)]
    records = [cloud.BackupRecord(id=pk, name=lost.name, begin_time=at) for pk, at in facts]
    monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda *_args, **_window: records)
    found = [hit.id for hit in searching.search(lost, at=now)]
    assert found == ["another", "first", "second", "untold"]


def test_a_backup_counts_as_ours_from_a_quarter_of_an_hour_before_the_call(lose, monkeypatch):
    lost = lose()
    first_call = lost.attempts.get().started_at
    edge = first_call - timedelta(minutes=15)
    facts = [("edge", edge), ("before", edge - timedelta(microseconds=1))]
    records = [cloud.BackupRecord(id=pk, name=lost.name, begin_time=at) for pk, at in facts]
    monkeypatch.setattr(cloud.CloudClient, "list_backups", lambda *_args, **_window: records)
    assert [hit.id for hit in searching.search(lost, at=timezone.now())] == ["edge"]


@pytest.mark.django_db
def test_a_disabled_account_may_nothing(payments, admin):
    admin.is_active = False
    right = rights.may(admin, "manage_team", payments)
    assert (right.is_allowed, right.why_not) == (False, "This account is disabled.")
