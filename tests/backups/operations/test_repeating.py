"""The same call again is the same request, as long as that stands for it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from backups.models import Backup, Status
from backups.operations import creation, repeating, transitions
from tests.fixtures.consent import reject


@pytest.fixture
def draft(orders) -> creation.Draft:
    return creation.Draft(instance=orders, name="before-release", description="release 42")


def ask(draft, by, at=None) -> Backup:
    return repeating.ask(draft, by=by, at=at or timezone.now(), client_token=uuid4())


def test_it_asks_once_while_the_request_is_under_way(draft, dba):
    assert ask(draft, dba) == ask(draft, dba)
    assert Backup.objects.count() == 1


def test_for_a_while_after_the_end_it_still_is_that_request(policy, draft, dba, lead):
    first, now = ask(draft, dba), timezone.now()
    reject(first, lead, at=now)
    assert ask(draft, dba, now + repeating.STANDS_FOR - timedelta(seconds=1)) == first
    assert ask(draft, dba, now + repeating.STANDS_FOR) != first


def test_one_whose_end_nobody_wrote_down_stands_for_nothing(draft, dba):
    first = ask(draft, dba)
    Backup.objects.filter(pk=first.pk).update(status="CANCELLED", next_action_at=None)
    assert ask(draft, dba) != first


def goes(backup, *statuses, at) -> None:
    """The backup takes these arrows, all at one moment."""
    for status in statuses:
        leased = {"lease_until": at, "next_action_at": at} if status == Status.SUBMITTING else {}
        known = {"cloud_id": "c1", "begin_time": at} if status == Status.BUILDING else {}
        transitions.move(backup, status, verb="status_told", at=at, **leased, **known)


MADE = (Status.SUBMITTING, Status.BUILDING, Status.COMPLETED)


def test_what_was_taken_away_from_the_cloud_is_never_given_for_a_new_one(draft, dba, now):
    first = ask(draft, dba, at=now)
    goes(first, *MADE, Status.VANISHED, at=now)
    assert ask(draft, dba, at=now) != first


def test_what_is_being_deleted_is_not_given_for_a_new_one(draft, dba, now):
    first = ask(draft, dba, at=now)
    goes(first, *MADE, at=now)
    transitions.move(first, Status.DELETING, verb="status_told", at=now, next_action_at=now)
    with pytest.raises(creation.DraftsRefused):
        ask(draft, dba, at=now)


def test_one_that_ended_long_ago_stands_for_nothing_when_it_comes_back(draft, dba, now):
    first, later = ask(draft, dba, at=now), now + timedelta(days=7)
    goes(first, *MADE, at=now)
    goes(first, Status.VANISHED, Status.COMPLETED, at=later)
    with pytest.raises(creation.DraftsRefused):
        ask(draft, dba, at=later)


def test_another_persons_request_or_other_words_are_another(draft, dba, service):
    ask(draft, dba)
    for other, by in ((draft, service), (replace(draft, description="other"), dba)):
        with pytest.raises(creation.DraftsRefused):
            ask(other, by)
