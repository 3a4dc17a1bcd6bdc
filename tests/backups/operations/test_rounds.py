"""The reconciler takes every due step, and no step keeps another one waiting (faults.md, rule 6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Backup, Project, Status
from backups.operations import claims, reconciling, settling, submission
from tests.backups.operations.conftest import look_until_asked, read

SOON = timedelta(seconds=5)


@pytest.fixture
def rounds(transactional_db, monkeypatch):
    """Rounds on a pool of four, whose threads keep no connection after a step."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    with ThreadPoolExecutor(4) as pool:
        yield reconciling.Rounds(pool)


def names(at) -> set[str]:
    return {step.name for step in reconciling.due_steps(at=at)}


@pytest.mark.django_db
def test_every_kind_of_due_step_is_found_by_its_time_alone(smallest, lose, ask, dba, simulated):
    later = timezone.now() + timedelta(days=2)
    Project.objects.update(next_sync_at=later, next_catalog_at=later)
    closed = look_until_asked(lose("closed-one"))
    settling.close(closed, by=dba, at=closed.needs_decision_at)
    looked = lose("looked-for")
    others = simulated.instances.filter(status="normal").order_by("volume_gb")[1:4]
    queued, building, claimed = [ask(row, "before-release", at=timezone.now()) for row in others]
    submission.submit(building.pk)
    claims.claim(claimed.pk, at=timezone.now())
    assert names(timezone.now() - timedelta(minutes=1)) == set()
    assert names(read(closed).next_watch_at + SOON) == {
        f"watch {closed.pk}",
        f"look {looked.pk}",
        f"submit {queued.pk}",
        f"follow {simulated.pk}",
        f"expire {claimed.pk}",
    }
    Project.objects.update(next_sync_at=timezone.now(), next_catalog_at=timezone.now())
    assert {f"sync {simulated.pk}", f"catalog {simulated.pk}"} <= names(timezone.now() + SOON)


@pytest.mark.django_db
def test_a_due_row_is_left_to_a_worker_for_a_moment(orders, ask):
    now = timezone.now()
    Project.objects.update(next_sync_at=now + timedelta(days=1), next_catalog_at=now + timedelta(days=1))
    backup = ask(orders, "before-release", at=now)
    assert names(now + timedelta(milliseconds=999)) == set()
    assert names(now + timedelta(seconds=1)) == {f"submit {backup.pk}"}


def test_a_round_takes_its_steps(rounds, simulated, ask):
    rows = simulated.instances.filter(status="normal")[:3]
    backups = [ask(row, "before-release", at=timezone.now()) for row in rows]
    assert rounds.start(at=timezone.now() + SOON) == 3
    rounds.finish()
    assert [read(backup).status for backup in backups] == [Status.BUILDING] * 3


def test_a_step_that_hangs_is_not_taken_twice_and_keeps_no_other_waiting(rounds, simulated, simulator, ask):
    first, second = simulated.instances.filter(status="normal")[:2]
    hanging = ask(first, "hanging-one", at=timezone.now())
    simulator.hold("create_backup", at="received", name="hanging-one")
    assert rounds.start(at=timezone.now() + SOON) == 1
    simulator.wait_until_held()
    Backup.objects.filter(pk=hanging.pk).update(next_action_at=timezone.now())
    other = ask(second, "other-one", at=timezone.now())
    started = {step.name.partition(" ")[2] for step in reconciling.due_steps(at=timezone.now() + SOON)}
    assert str(other.pk) in started
    rounds.start(at=timezone.now() + SOON)
    simulator.release()
    rounds.finish()
    assert [read(row).status for row in (hanging, other)] == [Status.BUILDING] * 2
    assert len(simulator.history("create_backup")) == 2


def test_a_step_that_fails_keeps_no_other_waiting_and_comes_up_again(
    rounds, simulated, ask, monkeypatch, caplog
):
    rows = simulated.instances.filter(status="normal")[:2]
    broken, whole = [ask(row, "before-release", at=timezone.now()) for row in rows]
    submit = submission.submit

    def submit_or_break(backup_id):
        if backup_id == broken.pk:
            raise RuntimeError("broken")
        submit(backup_id)

    monkeypatch.setattr(submission, "submit", submit_or_break)
    assert rounds.start(at=timezone.now() + SOON) == 2
    rounds.finish()
    assert [read(row).status for row in (broken, whole)] == [Status.QUEUED, Status.BUILDING]
    assert f"submit {broken.pk}" in names(timezone.now() + SOON)
    assert rounds.start(at=timezone.now() + SOON) >= 1
    rounds.finish()


def test_a_look_is_taken_at_the_time_of_the_round(rounds, lose, simulator):
    backup = lose(at="applied")
    simulator.control("lag", {"seconds": 0})
    assert rounds.start(at=backup.next_action_at + SOON) >= 1
    rounds.finish()
    assert read(backup).cloud_id
