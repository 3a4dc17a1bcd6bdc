"""Every step works as in a worker: in transactions of its own, with none around it.

The other tests run within one transaction, in which a step could lock rows without having begun any.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Alarm, Backup, Project, Status
from backups.operations import (
    alarms,
    claims,
    creation,
    inventory,
    progress,
    pulses,
    searching,
    settling,
    submission,
    teams,
    watching,
)
from tests.backups.operations.conftest import look_until_asked, read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_around(transactional_db):
    """What a step begins, it ends."""
    yield
    assert not connection.in_atomic_block


def test_from_the_request_to_the_end(smallest, ask, dba, simulator):
    backup, taken_back = ask(smallest, "before-release", at=timezone.now()), ask(smallest, "second-one")
    creation.cancel(taken_back, by=dba, at=timezone.now())
    submission.submit(backup.pk)
    simulator.set_backup_status(read(backup).cloud_id, "COMPLETED")
    progress.follow(smallest.project_id, at=read(backup).next_action_at)
    alarms.sound(backup, Alarm.OVERDUE, [], at=timezone.now())
    alarms.acknowledge(backup, by=dba, at=timezone.now())
    assert (read(backup).status, read(backup).alarm) == (Status.COMPLETED, "")
    assert read(taken_back).status == Status.CANCELLED


def test_from_a_lost_answer_to_what_arrives_late(lose, dba, simulator):
    asked = look_until_asked(lose(at="applied"))
    settling.send_again(asked, by=dba, at=asked.needs_decision_at)
    settling.close(read(asked), by=dba, at=asked.needs_decision_at)
    simulator.control("lag", {"seconds": 0})
    [made] = simulator.backups(asked.instance.project.project_id)
    simulator.set_backup_status(made["id"], "COMPLETED")
    watching.watch(asked.pk, at=read(asked).next_watch_at)
    assert read(asked).status == Status.COMPLETED


def test_from_a_lost_worker_to_the_second_call(smallest, ask, dba):
    backup = ask(smallest, "before-release", at=timezone.now())
    claimed = claims.claim(backup.pk, at=timezone.now())
    assert claimed
    claims.expire_lease(backup.pk, at=claimed.backup.lease_until or timezone.now())
    asked = look_until_asked(read(backup))
    settling.send_again(asked, by=dba, at=asked.needs_decision_at)
    searching.look(asked.pk, at=asked.needs_decision_at)
    assert read(backup).status == Status.QUEUED


def test_what_has_no_backup(simulated, dba, admin):
    now = timezone.now()
    pulses.beat(at=now)
    teams.change_settings(
        simulated.team, overdue_hours=12, resends_automatically=True, by=admin, at=now + timedelta(minutes=1)
    )
    inventory.request_sync(simulated, by=dba, at=now)
    inventory.sync(simulated.pk, at=now)
    simulated.refresh_from_db()
    assert (simulated.synced_at, Backup.objects.count(), Project.objects.count()) == (now, 0, 1)
