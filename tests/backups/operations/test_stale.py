"""Who comes too late changes nothing, whatever another process did in the meantime (faults.md, rule 2)."""

from datetime import timedelta
from itertools import chain, repeat
from uuid import uuid4

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Attempt, Event, Outcome, Status
from backups.operations import claims, outcomes, progress, searching, settling, submission
from tests.backups.operations.conftest import look_until_asked, read


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen after the next list was read, before what it says is written down."""

    def after_the_next_list(happen):
        read_list = cloud.CloudClient.list_backups

        def list_backups(client, **query):
            listed = read_list(client, **query)
            monkeypatch.setattr(cloud.CloudClient, "list_backups", read_list)
            happen()
            return listed

        monkeypatch.setattr(cloud.CloudClient, "list_backups", list_backups)

    return after_the_next_list


def count(backup, verb: str) -> int:
    return Event.objects.filter(backup=backup, verb=verb).count()


@pytest.mark.django_db
def test_what_is_not_there_is_neither_claimed_nor_sent():
    assert claims.claim(uuid4(), at=timezone.now()) is None
    submission.submit(uuid4())


def test_a_worker_that_was_stopped_after_its_claim_does_not_call(smallest, ask, simulator):
    backup = ask(smallest, "before-release", at=timezone.now())
    now = timezone.now()
    times = chain([now, now], repeat(now + timedelta(seconds=50)))
    submission.submit(backup.pk, clock=lambda: next(times))
    backup = read(backup)
    assert (backup.status, backup.fence) == (Status.QUEUED, 1)
    assert backup.next_action_at == now + timedelta(seconds=55)
    assert Attempt.objects.get().outcome == Outcome.NOT_SENT
    assert simulator.history("create_backup") == []


def test_a_call_may_begin_as_long_as_it_ends_before_the_lease(orders, ask, settings):
    now = timezone.now()
    claimed = claims.claim(ask(orders, "before-release", at=now).pk, at=now)
    assert claimed
    assert claimed.backup.lease_until
    latest = claimed.backup.lease_until - timedelta(seconds=settings.CLOUD_DEADLINE_SECONDS)
    assert claimed.may_begin(at=latest)
    assert not claimed.may_begin(at=latest + timedelta(milliseconds=1))


def test_a_failure_that_comes_too_late_changes_only_its_own_attempt(orders, ask):
    now = timezone.now()
    claimed = claims.claim(ask(orders, "before-release", at=now).pk, at=now)
    assert claimed
    claims.expire_lease(claimed.backup.pk, at=now + timedelta(minutes=5))
    before = read(claimed.backup)
    outcomes.write_failure(claimed.attempt, cloud.CloudRefused("no"), at=now + timedelta(minutes=6))
    assert (read(before).status, read(before).revision) == (Status.UNCONFIRMED, before.revision)
    assert Attempt.objects.get().outcome == Outcome.REFUSED


def test_a_lease_that_was_given_up_does_not_end(orders, ask):
    backup = ask(orders, "before-release", at=timezone.now())
    claims.expire_lease(backup.pk, at=timezone.now() + timedelta(hours=1))
    assert read(backup).status == Status.QUEUED


@pytest.mark.parametrize("point", ["received", "applied"])
def test_what_was_closed_while_the_list_was_read_stays_closed(lose, dba, simulator, meanwhile, point):
    asked = look_until_asked(lose(at=point))
    simulator.control("lag", {"seconds": 0})
    meanwhile(lambda: settling.close(read(asked), by=dba, at=asked.next_action_at))
    searching.look(asked.pk, at=asked.next_action_at)
    assert (read(asked).status, read(asked).cloud_id) == (Status.CANCELLED, None)
    assert read(asked).next_action_at is None
    assert (count(asked, "closed"), count(asked, "found")) == (1, 0)


def test_what_was_closed_while_the_list_was_read_is_not_sent_again(asked, dba, lead, meanwhile):
    settling.send_again(asked, by=dba, at=asked.needs_decision_at)
    asked = read(asked)
    meanwhile(lambda: settling.close(read(asked), by=lead, at=asked.next_action_at))
    searching.look(asked.pk, at=asked.next_action_at)
    assert (read(asked).status, count(asked, "sent_again")) == (Status.CANCELLED, 0)


def test_two_who_look_at_once_make_one_look(lose, simulator):
    backup = lose()
    searching.look(backup.pk, at=backup.next_action_at)
    searching.look(backup.pk, at=backup.next_action_at)
    assert len(simulator.history("list_backups")) == 1
    assert read(backup).looks == 1


def test_an_end_that_two_read_at_once_is_written_once(building, simulator, meanwhile, ask):
    simulator.set_backup_status(building.cloud_id, "COMPLETED")
    at = building.next_action_at
    project = building.instance.project_id
    meanwhile(lambda: progress.follow(project, at=at + timedelta(minutes=5)))
    progress.follow(project, at=at)
    assert (read(building).status, count(building, "completed")) == (Status.COMPLETED, 1)
    assert len(simulator.history("list_backups")) == 2


def test_a_backup_that_ended_while_an_old_list_was_read_does_not_run_again(building, simulator, meanwhile):
    simulator.set_backup_status(building.cloud_id, "BUILDING")
    at, project = building.next_action_at, building.instance.project_id

    def ends():
        simulator.set_backup_status(building.cloud_id, "COMPLETED")
        progress.follow(project, at=at + timedelta(minutes=5))

    meanwhile(ends)
    progress.follow(project, at=at)
    assert (read(building).status, read(building).next_action_at) == (Status.COMPLETED, None)
