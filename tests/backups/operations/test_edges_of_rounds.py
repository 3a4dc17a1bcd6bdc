"""When the reconciler takes a step, to the moment, and what a step that fails leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone
from structlog.testing import capture_logs

from backups.models import Backup, Event, Membership, Project
from backups.operations import creation, glass, reconciling
from tests.backups.operations.conftest import read
from tests.backups.operations.test_rounds import names
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

SOON, NOT_YET = timedelta(seconds=1), timedelta(milliseconds=999)


@pytest.fixture
def quiet(simulated) -> Project:
    """A project that is not due to be read."""
    later = timezone.now() + timedelta(days=9)
    Project.objects.update(next_sync_at=later, next_catalog_at=later + timedelta(days=9))
    return simulated


@pytest.mark.django_db
def test_a_running_backup_is_left_to_a_worker_for_a_second(quiet, building):
    due = read(building).next_action_at
    Project.objects.update(next_sync_at=due + timedelta(days=1), next_catalog_at=due + timedelta(days=1))
    assert names(due + NOT_YET) == set()
    assert names(due + SOON) == {f"follow {quiet.pk}"}


@pytest.mark.django_db
def test_a_sync_is_left_to_a_worker_for_a_second(quiet):
    due = Project.objects.get().next_sync_at
    assert names(due + NOT_YET) == set()
    assert names(due + SOON) == {f"sync {quiet.pk}"}


@pytest.mark.django_db
def test_a_watch_is_left_to_a_worker_for_a_second(quiet, building):
    due = timezone.now()
    Backup.objects.update(next_watch_at=due, next_action_at=due + timedelta(days=1))
    assert names(due + NOT_YET) == set()
    assert names(due + SOON) == {f"watch {building.pk}"}


@pytest.mark.django_db
def test_mail_is_left_to_a_worker_for_a_second(asked_for, by_mail, lead):
    Project.objects.update(next_sync_at=NOW + timedelta(days=1), next_catalog_at=NOW + timedelta(days=1))
    approve(asked_for, lead)
    Backup.objects.update(next_action_at=NOW + timedelta(days=1))
    assert names(NOW + NOT_YET) == set()
    assert names(NOW + SOON) == {"deliver"}


@pytest.mark.django_db
def test_a_review_that_is_overdue_is_reminded_of_by_its_backup(policy, orders, dba):
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    draft = creation.Draft(orders, "before-release", reason="disk", change_ticket="INC-1", breaks_glass=True)
    [backup] = creation.create_backups([draft], by=dba, at=NOW, client_token=uuid4())
    late = NOW + timedelta(days=1)
    [step] = [step for step in reconciling.due_steps(at=late) if step.name == f"remind {backup.pk}"]
    step.take()
    step.take()
    assert Event.objects.filter(backup=backup, verb="review_due").count() == 1
    assert not glass.unreviewed(at=late).filter(pk=backup.pk).exists()


@pytest.fixture
def one_by_one(transactional_db):
    """Rounds whose steps are taken by one thread."""
    with ThreadPoolExecutor(1) as pool:
        yield reconciling.Rounds(pool)
        pool.submit(connections.close_all).result()


def test_a_step_that_failed_is_told_and_keeps_its_place(one_by_one):
    def fail() -> None:
        raise RuntimeError("the row is odd")

    for _ in range(2):
        with capture_logs() as told:
            one_by_one.also("count", fail)
            one_by_one.finish()
        assert [(line["event"], line["step"]) for line in told] == [("step failed", "count")]


def test_after_a_lost_connection_the_next_step_has_another(one_by_one):
    def be_cut_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    counted: list[int] = []
    one_by_one.also("break", be_cut_off)
    one_by_one.also("count", lambda: counted.append(Backup.objects.count()))
    one_by_one.finish()
    assert counted == [0]


def test_a_step_that_was_taken_comes_up_again_while_its_row_is_due(one_by_one, orders, ask):
    backup = ask(orders, "before-release", at=timezone.now())
    later = timezone.now() + timedelta(days=1)
    Project.objects.update(next_sync_at=later, next_catalog_at=later)
    for _ in range(2):
        Backup.objects.filter(pk=backup.pk).update(next_action_at=timezone.now() - timedelta(seconds=9))
        assert one_by_one.start(at=timezone.now()) == 1
        one_by_one.finish()
