"""Which events are an occasion to tell somebody, and that telling is part of the act."""

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Event, Notice, Occasion, Status
from backups.operations import outbox
from backups.queries import verbs
from tests.fixtures.consent import approve

OCCASIONS = [
    ("approval_void", "", None, Occasion.ASKED),
    ("reminded", "", None, Occasion.REMINDER),
    ("decision_needed", "", None, Occasion.NEEDS_DECISION),
    ("alarm_duplicate", "", None, Occasion.NEEDS_DECISION),
    ("alarm_went_back", "", None, Occasion.NEEDS_DECISION),
    ("alarm_overdue", "", None, Occasion.NEEDS_DECISION),
    ("glass_broken", "", 7, Occasion.BREAK_GLASS),
    ("review_due", "", None, Occasion.REVIEW_DUE),
    ("proposed", "", 7, Occasion.PROPOSAL),
    ("coverage_lost", "", None, Occasion.COVERAGE),
    ("coverage_at_risk", "", None, Occasion.COVERAGE),
    ("coverage_restored", "", None, Occasion.COVERAGE),
    ("approved", Status.QUEUED, 7, Occasion.DECIDED),
    ("approved", "", 7, None),
    ("sent_again", Status.QUEUED, 7, None),
    ("rejected", Status.REJECTED, 7, Occasion.DECIDED),
    ("expired", Status.EXPIRED, None, Occasion.EXPIRED),
    ("accepted", Status.BUILDING, None, Occasion.STARTED),
    ("completed", Status.COMPLETED, None, Occasion.COMPLETED),
    ("found", Status.AVAILABLE, None, Occasion.COMPLETED),
    ("failed", Status.FAILED, None, Occasion.FAILED),
    ("refused", Status.REFUSED, None, Occasion.FAILED),
    ("vanished", Status.VANISHED, None, Occasion.FAILED),
    ("closed", Status.CANCELLED, 7, None),
    ("never_sent", Status.CANCELLED, None, Occasion.FAILED),
    ("project_added", "", 7, None),
]


@pytest.mark.parametrize(("verb", "to_status", "actor", "occasion"), OCCASIONS)
def test_an_event_is_an_occasion_to_tell_of(verb, to_status, actor, occasion):
    assert outbox.occasion_of(Event(verb=verb, to_status=to_status, actor_id=actor)) == occasion


def test_every_verb_that_is_told_of_has_its_words():
    assert all(verbs.title(verb) != verb for verb in outbox.BY_VERB)


def test_a_notice_is_written_with_the_event_and_a_worker_is_told(by_mail, asked_for, lead, hints):
    [*_, hint] = hints(approve, asked_for, lead)
    assert hint == ("deliver", None)
    [notice] = Notice.objects.filter(occasion=Occasion.DECIDED)
    event = Event.objects.get(notice=notice)
    assert (event.verb, event.at) == ("approved", notice.at)
    assert (notice.backup_id, notice.team) == (asked_for.pk, asked_for.team)


def test_where_no_channel_listens_nothing_is_written_and_nobody_is_woken(asked_for, lead, hints):
    assert not [hint for hint in hints(approve, asked_for, lead) if hint[0] == "deliver"]
    assert not Notice.objects.exists()


def test_what_is_no_occasion_costs_no_query(by_mail, django_assert_num_queries):
    events = [Event(verb="project_added", at=timezone.now(), team=by_mail.team)]
    with django_assert_num_queries(0, connection=connection):
        outbox.write(events)
