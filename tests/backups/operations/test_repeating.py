"""The same call again is the same request, as long as that stands for it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from backups.models import Backup
from backups.operations import creation, repeating
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


def test_another_persons_request_or_other_words_are_another(draft, dba, service):
    ask(draft, dba)
    for other, by in ((draft, service), (replace(draft, description="other"), dba)):
        with pytest.raises(creation.DraftsRefused):
            ask(other, by)
