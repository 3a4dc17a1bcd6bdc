"""What a record of the list may lack, and what others may do while it is written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Alarm, Backup, Project, Source, Status
from backups.operations import absence, adopting, catalog, drift, pace, reach, transitions
from tests.backups.operations.conftest import read

NOW = timezone.now().replace(microsecond=0)
BEGUN = NOW - timedelta(days=3)


@pytest.fixture
def known(smallest) -> Backup:
    """A backup that a sync found once."""
    take(smallest, {})
    return Backup.objects.get(cloud_id="b1")


def record(instance, **facts):
    usual = {"id": "b1", "instance_id": instance.cloud_id, "name": "by-hand", "status": "COMPLETED"}
    return cloud.BackupRecord(**usual | {"begin_time": BEGUN, "end_time": BEGUN, "size_mb": 7.0} | facts)


def take(instance, *facts):
    records = [record(instance, **each) for each in facts]
    return adopting.take(Project.objects.get(pk=instance.project_id), records, at=NOW)


def test_what_has_neither_name_nor_time_is_there_from_when_it_was_seen(smallest):
    assert take(smallest, {"name": None, "begin_time": None, "end_time": None}).new == 1
    row = Backup.objects.get(cloud_id="b1")
    assert (row.name, row.cloud_name, row.requested_at, row.begin_time) == ("b1", "", NOW, None)


def test_an_end_before_the_beginning_is_none_of_ours(smallest):
    take(smallest, {"end_time": BEGUN - timedelta(hours=1)})
    assert Backup.objects.get(cloud_id="b1").end_time == BEGUN


def test_what_the_list_leaves_out_stays_as_it_was(smallest, known):
    take(smallest, {"name": None, "status": None, "begin_time": None, "end_time": None, "size_mb": None})
    assert read(known).revision == known.revision


def test_a_backup_without_a_time_tells_that_its_unknown_instance_has_gone(smallest):
    taken = take(smallest, {"instance_id": "f" * 32 + "in07", "begin_time": None, "instance_name": None})
    assert taken == adopting.Taken(1, is_all=True)
    gone = smallest.project.instances.get(cloud_id="f" * 32 + "in07")
    assert (gone.name, gone.gone_at) == ("f" * 32 + "in07", NOW)


def test_a_backup_of_a_running_one_is_renamed_and_otherwise_left_to_following(building):
    renamed = record(building.instance, id=building.cloud_id, name="renamed-there", status="COMPLETED")
    adopting.take(building.instance.project, [renamed], at=NOW)
    row = read(building)
    assert (row.status, row.raw_status, row.cloud_name) == (Status.BUILDING, "BUILDING", "renamed-there")


def test_what_comes_back_after_its_name_was_taken_is_an_alarm(smallest, ask):
    first, second = [ask(smallest, name, at=NOW) for name in ("before-release", "another-one")]
    facts = {"source": Source.HERE, "begin_time": BEGUN, "next_action_at": None}
    Backup.objects.filter(pk=first.pk).update(**facts, status=Status.VANISHED, cloud_id="b1", gone_at=NOW)
    ask(smallest, "before-release", at=NOW)
    take(smallest, {"name": "before-release"})
    first = read(first)
    assert (first.status, first.gone_at, first.alarm) == (Status.VANISHED, None, Alarm.WENT_BACK)
    assert first.alarm_detail == "COMPLETED"
    assert read(second).alarm == ""


def test_what_is_back_and_runs_is_followed_again(smallest, known):
    Backup.objects.filter(pk=known.pk).update(status=Status.VANISHED, gone_at=NOW)
    take(smallest, {"status": "BUILDING"})
    row = read(known)
    assert (row.status, row.next_action_at, row.end_time, row.gone_at) == (Status.BUILDING, NOW, None, None)


def test_a_row_that_somebody_else_moves_meanwhile_is_left_to_them(smallest, known, monkeypatch):
    changes = drift._changes

    def moved_meanwhile(backup, listed):
        Backup.objects.filter(pk=backup.pk).update(status=Status.FAILED)
        return changes(backup, listed)

    monkeypatch.setattr(drift, "_changes", moved_meanwhile)
    take(smallest, {"size_mb": 9.0})
    assert read(known).size_mb == 7.0
    Backup.objects.filter(pk=known.pk).update(status=Status.VANISHED)
    take(smallest, {"size_mb": 9.0})
    assert (read(known).status, read(known).size_mb) == (Status.FAILED, 7.0)
    assert not known.events.exists()


def test_of_many_that_move_at_once_those_that_others_moved_stay(smallest, known):
    Backup.objects.filter(pk=known.pk).update(status=Status.FAILED)
    transitions.move_all([known], Status.VANISHED, verb="gone", at=NOW, project=smallest.project)
    assert read(known).status == Status.FAILED
    with pytest.raises(transitions.ArrowError):
        transitions.move_all([read(known)], Status.VANISHED, verb="gone", at=NOW, project=smallest.project)


def test_what_is_missing_in_a_list_that_moves_has_to_be_missing_anew(due, simulator, known):
    at = timezone.now()
    catalog.sync_all(due.pk, at=at)
    assert read(known).missing_since == at
    assert absence.doubted(due, at=at) is None
    again = at + pace.look_horizon()
    Project.objects.update(newest_due_at=again + timedelta(hours=9), next_catalog_at=again)
    moving = '{"backups": [], "total_count": 3}'
    simulator.fault(operation="list_backups", at="reply", action="body", body=moving)
    catalog.sync(due.pk, at=again)
    assert (read(known).missing_since, read(known).looks) == (again, 0)


def test_where_the_cloud_is_left_alone_nothing_is_read(due, simulator):
    reach.note_sign_in_failed(due, "wrong key", at=NOW)
    Project.objects.update(next_catalog_at=NOW)
    assert catalog.sync(due.pk, at=NOW)
    due.refresh_from_db()
    assert due.next_catalog_at == NOW + pace.KEY_LOCK
    assert simulator.history("list_backups") == []
