"""The cloud has two backups with our name (faults.md, row 25)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Alarm, Backup, Event, Status
from backups.operations import progress, watching
from tests.faults.steps import FOUND, look, lose_the_reply, some_of, submit


@pytest.fixture
def backup(simulated, ask) -> Backup:
    """A backup that waits to be sent."""
    [instance] = some_of(simulated, 1)
    return ask(instance, "before-release", at=timezone.now())


def plant_a_twin(simulator, backup: Backup, **more) -> str:
    told = {"instance_id": backup.instance.cloud_id, "name": backup.name, **more}
    return str(simulator.control("backups", told)["id"])


def tells_a_person_and_deletes_nothing(backup: Backup, simulator, *, linked: str, other: str) -> None:
    backup.refresh_from_db()
    assert (backup.status in FOUND, backup.cloud_id) == (True, linked)
    assert (backup.alarm, backup.alarm_detail) == (Alarm.DUPLICATE, other)
    assert Event.objects.filter(backup=backup, verb="alarm_duplicate").count() == 1
    assert simulator.history("delete_backup") == []
    there = simulator.backups(backup.instance.project.project_id)
    assert [each["id"] for each in there if each["deleted_at"] is None and each["name"] == backup.name] == [
        linked,
        other,
    ]


def test_row_25_a_look_that_finds_two_links_the_earliest(backup, simulator):
    lose_the_reply(simulator)
    backup = submit(backup)
    [ours] = simulator.backups(backup.instance.project.project_id)
    simulator.advance(2)
    other = plant_a_twin(simulator, backup)
    look(backup)
    tells_a_person_and_deletes_nothing(backup, simulator, linked=ours["id"], other=other)


def test_row_25_a_refusal_because_the_name_exists_links_the_earliest_too(backup, simulator):
    told_later = {"status": 429, "code": "APIGW.0308"}
    simulator.fault(operation="create_backup", at="applied", action="status", **told_later)
    backup = submit(backup)
    [ours] = simulator.backups(backup.instance.project.project_id)
    simulator.advance(2)
    other = plant_a_twin(simulator, backup)
    backup = submit(backup, at=backup.next_action_at)
    tells_a_person_and_deletes_nothing(backup, simulator, linked=ours["id"], other=other)


def test_row_25_a_call_that_turns_up_after_it_was_sent_again_is_told(backup, simulator):
    backup = submit(backup)
    at = timezone.now() + timedelta(minutes=11)
    Backup.objects.filter(pk=backup.pk).update(next_watch_at=at, unconfirmed_since=timezone.now())
    simulator.advance(2)
    other = plant_a_twin(simulator, backup)
    watching.watch(backup.pk, at=at)
    assert backup.cloud_id
    tells_a_person_and_deletes_nothing(backup, simulator, linked=backup.cloud_id, other=other)


def test_row_25_the_alarm_stays_while_the_backup_is_followed_to_its_end(backup, simulator):
    lose_the_reply(simulator)
    backup = submit(backup)
    plant_a_twin(simulator, backup)
    look(backup)
    simulator.advance(7200)
    progress.follow(backup.instance.project_id, at=timezone.now() + timedelta(minutes=2))
    backup.refresh_from_db()
    assert (backup.status, backup.alarm) == (Status.COMPLETED, Alarm.DUPLICATE)
