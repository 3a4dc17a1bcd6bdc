"""The database goes away in the middle, or comes back older than it was (faults.md, rows 23 and 31)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from backups.models import Backup, Status
from tests.faults.waiting import until
from tests.fixtures.processes import database_url

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def named(name: str) -> str:
    """The address of another database of the test's server."""
    return urlunsplit(urlsplit(database_url())._replace(path=f"/{name}"))


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A session beside the database of the test, which has none of ours meanwhile."""
    connection.close()
    with psycopg.connect(named("postgres"), autocommit=True) as session:
        yield session


@contextmanager
def locked_out() -> Iterator[None]:
    """Nobody has the database: open sessions end, new ones are refused."""
    ours = connection.settings_dict["NAME"]
    with server() as session:
        session.execute(f'ALTER DATABASE "{ours}" ALLOW_CONNECTIONS false')
        session.execute(TERMINATE, [ours])
        try:
            yield
        finally:
            session.execute(f'ALTER DATABASE "{ours}" ALLOW_CONNECTIONS true')


def test_row_23_a_result_that_cannot_be_written_is_found_when_the_lease_has_ended(
    quick, quick_instances, simulator, celery_worker, reconciler, ask_now, complete, assert_exactly_once
):
    celery_worker(**quick)
    simulator.hold("create_backup", at="applied")
    backup = ask_now(quick_instances[0], "before-release")
    simulator.wait_until_held()
    with locked_out():
        simulator.release()
        until(lambda: simulator.history("create_backup")[0]["outcome"] == "replied", patience=20)
    assert Backup.objects.get().status == Status.SUBMITTING
    reconciler(**quick)
    complete(backup)
    assert_exactly_once(backup)
    assert len(simulator.history("create_backup")) == 1
    assert backup.events.filter(verb="lease_ended").exists()


@pytest.fixture
def snapshot(transactional_db) -> Iterator[Callable[[], str]]:
    """Copy the database as it stands; the name of the copy, which is dropped at the end."""
    ours = connection.settings_dict["NAME"]
    copy = f"{ours}_older"

    def take() -> str:
        with server() as session:
            session.execute(TERMINATE, [ours])
            session.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{ours}"')
        return copy

    yield take
    with server() as session:
        session.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def restore(copy: str) -> None:
    """Put the copy in the place of the database, as an operator does after a loss."""
    ours = connection.settings_dict["NAME"]
    with server() as session:
        session.execute(f'DROP DATABASE "{ours}" WITH (FORCE)')
        session.execute(f'ALTER DATABASE "{copy}" RENAME TO "{ours}"')


@pytest.mark.parametrize("is_mark_kept", [True, False], ids=["on the same machine", "on a new machine"])
def test_row_31_after_a_restore_what_was_sent_since_is_found_and_nothing_is_sent_blindly(
    quick, quick_instances, simulator, reconciler, ask_now, complete, assert_exactly_once, snapshot,
    own_var_dir: Path, is_mark_kept,
):  # fmt: skip
    sent, waiting = (ask_now(place, f"before-{place.name}") for place in quick_instances[:2])
    Backup.objects.filter(pk=waiting.pk).update(requested_at=sent.requested_at)
    Backup.objects.filter(pk=waiting.pk).update(next_action_at="2200-01-01T00:00Z")
    older = snapshot()
    first = reconciler(**quick)
    until(lambda: Backup.objects.get(pk=sent.pk).status == Status.COMPLETED)
    first.stop()
    restore(older)
    assert Backup.objects.get(pk=sent.pk).status == Status.QUEUED
    if not is_mark_kept:
        (own_var_dir / "newest-event.json").unlink()
        make_older(minutes=11)
    Backup.objects.filter(pk=waiting.pk).update(next_action_at=waiting.next_action_at)
    reconciler(**quick)
    until(lambda: Backup.objects.get(pk=sent.pk).status == Status.COMPLETED)
    until(lambda: Backup.objects.get(pk=waiting.pk).status == Status.UNCONFIRMED)
    assert len(simulator.history("create_backup")) == 1
    complete(sent, waiting)
    assert_exactly_once(sent, waiting)
    assert list(sent.events.order_by("id").values_list("verb", flat=True))[:3] == [
        "requested",
        "in_doubt",
        "found",
    ]


def make_older(*, minutes: int) -> None:
    """Let everything have happened earlier: events are append-only, so their guard is lifted for this."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE backups_event DISABLE TRIGGER backups_event_append_only")
        for table, column in (("backups_event", "at"), ("backups_backup", "requested_at")):
            cursor.execute(f"UPDATE {table} SET {column} = {column} - make_interval(mins => {minutes})")
        cursor.execute("ALTER TABLE backups_event ENABLE TRIGGER backups_event_append_only")
