"""What a live page is told: every change once, also one that commits late."""

from threading import Event as Signal
from threading import Thread

import psycopg
import pytest
from django.db import connection, transaction

from backups.models import Backup
from backups.queries import changes, horizon

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_told_when_nothing_changed(orders, ask, dba):
    ask(orders, "before-release")
    assert changes.since(dba, seen=horizon.now()) is None


def test_a_change_is_told_once(orders, ask, dba):
    seen = horizon.now()
    backup = ask(orders, "before-release")
    told = changes.since(dba, seen=seen)
    assert told is not None
    assert [row.id for row in told.rows] == [backup.pk]
    assert told.is_moving
    assert changes.since(dba, seen=told.since) is None


def test_a_change_of_another_team_is_not_told(orders, ask, stranger):
    seen = horizon.now()
    ask(orders, "before-release")
    assert changes.since(stranger, seen=seen) is None


def test_a_lower_revision_that_commits_after_a_higher_one_is_not_missed(orders, ledger, ask, dba):
    early, late = ask(orders, "early-one"), ask(ledger, "late-one")
    seen = horizon.now()
    written, may_commit = Signal(), Signal()

    def write_and_commit_late() -> None:
        with transaction.atomic():
            Backup.objects.filter(pk=early.pk).update(raw_status="written first")
            written.set()
            may_commit.wait(30)
        connection.close()

    writer = Thread(target=write_and_commit_late)
    writer.start()
    written.wait(30)
    Backup.objects.filter(pk=late.pk).update(raw_status="written second")
    told = changes.since(dba, seen=seen)
    seen = told.since if told else seen
    may_commit.set()
    writer.join()
    early.refresh_from_db()
    late.refresh_from_db()
    assert early.revision < late.revision
    rest = changes.since(dba, seen=seen)
    names = [row.name for part in (told, rest) if part for row in part.rows]
    assert sorted(names) == ["early-one", "late-one"]


def test_a_long_transaction_in_another_database_holds_nobody_up(orders, ask, dba):
    ours = connection.get_connection_params()
    another = {name: ours[name] for name in ("host", "port", "user", "password") if ours.get(name)}
    with psycopg.connect(**another, dbname="postgres") as other:
        other.execute("SELECT pg_current_xact_id()")
        seen = horizon.now()
        backup = ask(orders, "before-release")
        told = changes.since(dba, seen=seen)
    assert told is not None
    assert [row.id for row in told.rows] == [backup.pk]
