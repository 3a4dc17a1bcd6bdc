"""Which channel is told of a change of a status, and which is not."""

import pytest
from django.db import IntegrityError, connection, transaction

from backups.models import Channel, Event, Notice, Occasion, Service, Source, Status
from backups.operations import audit, channels, creation, outbox, transitions
from tests.backups.operations.conftest import read
from tests.backups.operations.test_delivering import deliver
from tests.backups.operations.test_state_changes import changes, told
from tests.fixtures.cast import NOW
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_that_has_an_occasion_of_its_own_is_that_one_and_told_once(every_change, asked_for, lead):
    approve(asked_for, lead)
    deliver()
    assert list(Notice.objects.values_list("occasion", flat=True)) == [Occasion.ASKED, Occasion.DECIDED]
    assert [data["type"] for data in told(every_change)] == ["backup.asked", "backup.decided"]


def test_what_changes_no_status_is_not_told_to_a_channel_that_wants_changes_alone(
    by_mail, every_change, asked_for
):
    Channel.objects.filter(name="Every change").update(occasions=[Occasion.STATE])
    audit.record("decision_needed", team_id=asked_for.team_id, at=NOW, backup=asked_for)
    deliver()
    assert Notice.objects.count() == 2
    assert changes(every_change) == [("", "AWAITING_APPROVAL")]


def test_what_was_made_elsewhere_is_not_told_of(by_mail, every_change, orders, ask):
    backup = ask(orders, "by-somebody-else")
    type(backup).objects.filter(pk=backup.pk).update(
        source=Source.ELSEWHERE, status=Status.COMPLETED, cloud_id="1" * 36, next_action_at=None
    )
    Notice.objects.all().delete()
    transitions.move(read(backup), Status.VANISHED, verb="vanished", at=NOW)
    assert not Notice.objects.exists()


def test_mail_goes_on_as_before_beside_it(by_mail, mail_server, every_change, asked_for, lead, dba):
    deliver()
    approve(asked_for, lead)
    creation.cancel(read(asked_for), by=dba, at=NOW)
    deliver()
    assert len(every_change.requests) == 3
    assert [mail["Subject"] for mail in mail_server.mails] == [
        "[Payments] Approval asked for: before-release (orders)",
        "[Payments] Approved: before-release (orders)",
    ]


def test_no_other_way_than_a_webhook_tells_of_every_change(payments, by_mail, every_change, admin):
    draft = channels.ChannelDraft(Service.EMAIL, "People", [Occasion.FAILED, Occasion.STATE])
    with pytest.raises(channels.ChannelRefused) as refused:
        channels.change(by_mail, draft, by=admin, at=NOW)
    told = "Only a signed webhook tells of “Every change of a backup’s status”."
    assert (refused.value.field, refused.value.message) == ("occasions", told)
    with pytest.raises(IntegrityError, match="channel_state_by_webhook"):
        Channel.objects.filter(pk=by_mail.pk).update(occasions=[Occasion.STATE])


def test_changes_cost_two_queries_however_many_they_are(every_change, asked_for, django_assert_num_queries):
    events = [
        Event.objects.create(
            team=asked_for.team, number=number, at=NOW, verb="x", backup=asked_for, to_status=status
        )
        for number, status in enumerate((Status.QUEUED, Status.SUBMITTING, Status.BUILDING), 90)
    ]
    with transaction.atomic(), django_assert_num_queries(2, connection=connection):
        outbox.write(events)
