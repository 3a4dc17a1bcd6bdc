"""When a person is asked about a backup, and what follows from the answer (faults.md, rule 4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Status
from backups.operations import pace, searching, settling
from tests.backups.operations.conftest import read


def test_only_after_a_first_call_may_a_namesake_be_our_own():
    taken = cloud.CloudRefused("taken", may_be_our_own_call=True)
    told = [searching.may_be_our_own_call(Backup(fence=fence), taken) for fence in (1, 2, 3)]
    assert told == [False, True, True]


@pytest.mark.parametrize(("seconds", "looks", "is_asked"), [(598, 9, False), (600, 9, True), (600, 1, False)])
def test_a_person_is_asked_after_ten_minutes_and_three_whole_lists(lose, seconds, looks, is_asked):
    backup = lose()
    at = backup.unconfirmed_since + timedelta(seconds=seconds)
    Backup.objects.filter(pk=backup.pk).update(looks=looks, next_action_at=at)
    searching.look(backup.pk, at=at)
    assert (read(backup).needs_decision_at is not None) == is_asked


def test_the_third_whole_list_is_enough(lose):
    backup = lose()
    at = backup.unconfirmed_since + timedelta(seconds=600)
    Backup.objects.filter(pk=backup.pk).update(looks=2, next_action_at=at)
    searching.look(backup.pk, at=at)
    assert read(backup).needs_decision_at == at


def test_what_is_sent_again_is_sent_at_once(asked, hints, dba):
    at = asked.needs_decision_at + timedelta(seconds=1)
    assert hints(settling.send_again, asked, by=dba, at=at) == [("look", str(asked.pk), None)]
    assert hints(searching.look, asked.pk, at=at) == [("submit", str(asked.pk), None)]
    sent = read(asked)
    assert (sent.status, sent.next_action_at) == (Status.QUEUED, at)
    assert sent.next_watch_at == at + pace.LOOK_AFTER_ASKING


def test_the_next_in_line_goes_when_a_person_closes(asked, hints, dba, ask):
    second = ask(asked.instance, "after-release", at=timezone.now())
    assert hints(settling.close, asked, by=dba, at=timezone.now()) == [("submit", str(second.pk), None)]
