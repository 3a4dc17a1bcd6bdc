"""A database restored from an older copy has forgotten calls: nothing is sent blindly (faults.md, row 31)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Event, Status
from backups.operations import claims, continuity, creation
from tests.backups.operations.conftest import read

WHILE = timedelta(minutes=11)


@pytest.fixture
def mark(own_var_dir):
    """The file in which this machine keeps the newest event that it has seen."""
    return own_var_dir / "newest-event.json"


def write(mark, event: int, at) -> None:
    mark.write_text(json.dumps({"event": event, "at": at.isoformat()}))


def test_a_fresh_database_is_trusted_and_marked(orders, ask, mark):
    backup = ask(orders, "before-release", at=timezone.now())
    continuity.check(at=timezone.now())
    newest = Event.objects.order_by("-id")[0]
    assert not read(backup).looks_first
    assert json.loads(mark.read_text()) == {"event": newest.pk, "at": newest.at.isoformat()}


def test_a_machine_without_a_mark_doubts_a_database_that_was_out_of_use(orders, ledger, ask, mark):
    now = timezone.now()
    old = ask(orders, "before-release", at=now - WHILE)
    continuity.check(at=now)
    assert read(old).looks_first
    assert mark.exists()
    Backup.objects.update(looks_first=False)
    continuity.check(at=now)
    assert not read(old).looks_first


def test_doubt_is_for_what_was_asked_for_before_and_has_not_ended(orders, ledger, ask, dba, mark):
    now = timezone.now()
    old, ended = ask(orders, "before-release", at=now - WHILE), ask(orders, "given-up", at=now - WHILE)
    creation.cancel(ended, by=dba, at=now - WHILE)
    fresh = ask(ledger, "asked-since", at=now - timedelta(minutes=1))
    write(mark, 2**40, now - timedelta(minutes=5))
    continuity.check(at=now)
    assert [read(row).looks_first for row in (old, fresh, ended)] == [True, False, False]
    assert json.loads(mark.read_text())["event"] == Event.objects.order_by("-id")[0].pk


def test_an_event_of_another_time_under_the_same_number_is_another_database(orders, ask, mark):
    backup = ask(orders, "before-release", at=timezone.now())
    write(mark, Event.objects.order_by("-id")[0].pk, timezone.now() + timedelta(hours=1))
    continuity.check(at=timezone.now())
    assert read(backup).looks_first


@pytest.mark.parametrize("nonsense", ["", "{", "{}", '{"event": "x", "at": "y"}', '{"event": 1, "at": "y"}'])
def test_a_mark_that_cannot_be_read_is_no_mark(orders, ask, mark, nonsense):
    backup = ask(orders, "before-release", at=timezone.now())
    mark.write_text(nonsense)
    continuity.check(at=timezone.now())
    assert not read(backup).looks_first
    assert json.loads(mark.read_text())["event"]


def test_a_machine_that_can_keep_no_mark_goes_by_time(settings, own_var_dir, orders, ask):
    file = own_var_dir / "file"
    file.write_text("")
    settings.VAR_DIR = file
    now = timezone.now()
    backup = ask(orders, "before-release", at=now)
    continuity.check(at=now)
    assert not read(backup).looks_first
    continuity.check(at=now + WHILE)
    assert read(backup).looks_first


@pytest.mark.django_db
def test_an_empty_database_has_nothing_to_doubt(mark):
    continuity.check(at=timezone.now())
    assert not mark.exists()


def test_what_is_in_doubt_is_looked_for_before_anything_is_sent(orders, ask):
    now = timezone.now()
    backup = ask(orders, "before-release", at=now - WHILE)
    assert claims.claim(backup.pk, at=now) is None
    backup = read(backup)
    assert (backup.status, backup.fence, backup.looks_first) == (Status.UNCONFIRMED, 0, False)
    assert Event.objects.filter(backup=backup, verb="in_doubt").count() == 1


def test_each_claim_is_marked(orders, ask, mark):
    backup = ask(orders, "before-release", at=timezone.now())
    continuity.remember()
    assert claims.claim(backup.pk, at=timezone.now())
    submitting = Event.objects.get(backup=backup, verb="submitting")
    assert json.loads(mark.read_text())["event"] == submitting.pk
