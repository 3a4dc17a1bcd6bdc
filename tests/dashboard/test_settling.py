"""A backup of unknown fate, as its page tells it and as a person settles it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Attempt, Backup, Event
from backups.operations import claims, outcomes, searching, settling

REPLY = cloud.Exchange(
    method="POST",
    url="https://gaussdb.example/backups/create",
    request_body="{}",
    started_at=timezone.now(),
    took_ms=120,
    http_status=500,
    reply_excerpt="{}",
    request_id="f1e2d3",
)


@pytest.fixture
def in_doubt(orders, ask) -> Backup:
    """The cloud answered the call with a 500."""
    now = timezone.now()
    claim = claims.claim(ask(orders, "before-release", at=now).pk, at=now)
    assert claim
    error = cloud.CloudAmbiguous(
        http_status=500, error_code="DBS.200412", error_msg="Internal server error.", exchange=REPLY
    )
    outcomes.write_failure(claim.attempt, error, at=now)
    return Backup.objects.get()


@pytest.fixture
def asking(in_doubt) -> Backup:
    """The list did not show it: a person is asked."""
    Backup.objects.update(needs_decision_at=timezone.now(), looks=7)
    return Backup.objects.get()


def body(client, backup: Backup) -> str:
    return " ".join(client.get(f"/backups/{backup.pk}/").text.split())


def test_the_page_tells_what_is_known_with_the_evidence_and_the_next_look(desk, in_doubt):
    Backup.objects.update(looks=3, next_action_at=timezone.now() + timedelta(seconds=40))
    page = body(desk, in_doubt)
    for told in (
        "no clear answer came back",
        "Attempt 1: No clear answer",
        f"worker {Attempt.objects.get().worker}",
        "HTTP 500",
        "DBS.200412",
        "Internal server error.",
        "f1e2d3",
        "does not say whether it had begun",
        "3 whole lists",
        "seconds from now",
    ):
        assert told in page
    assert "Send again" not in page


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        ({"http_status": None}, "The request left and no answer came back"),
        ({"http_status": 202}, "does not say which backup"),
        ({"http_status": None, "outcome": "lost"}, "The worker did not come back"),
    ],
)
def test_each_kind_of_evidence_has_its_meaning(desk, in_doubt, values, meaning):
    Attempt.objects.update(**values)
    assert meaning in body(desk, in_doubt)


def test_without_any_call_the_page_says_why_it_looks_first(desk, orders, ask):
    backup = ask(orders, "before-release", at=timezone.now())
    Backup.objects.update(looks_first=True)
    claims.claim(backup.pk, at=timezone.now())
    page = body(desk, backup)
    assert "that this database does not know of" in page
    assert "Looked for before it is sent" in page


def test_the_page_offers_both_choices_and_says_what_each_risks(desk, asking):
    page = body(desk, asking)
    assert f'action="/backups/{asking.pk}/send-again"' in page
    assert f'action="/backups/{asking.pk}/close"' in page
    assert "looks once more, then makes the call again" in page
    assert "the cloud has two backups" in page
    assert "until 24 hours after the call" in page
    assert "needs a decision" in desk.get("/backups/").text


def test_sending_again_tells_who_decided_and_that_one_more_look_comes_first(desk, asking, dba):
    page = desk.post(f"/backups/{asking.pk}/send-again", follow=True).text
    assert "Dba decided to send it again." in page
    assert "One more look comes first" in page
    assert "Decided: send again" in page
    assert f'action="/backups/{asking.pk}/send-again"' not in page
    assert "needs a decision" not in desk.get("/backups/").text
    assert Backup.objects.get().send_again_by == dba


def test_closing_tells_that_it_is_still_looked_for(desk, asking):
    page = desk.post(f"/backups/{asking.pk}/close", follow=True).text
    assert "Dba closed it without sending again." in page
    assert "looks until 24 hours after it" in page
    assert Backup.objects.get().status == "CANCELLED"
    Backup.objects.update(next_watch_at=None)
    assert "it did not arrive" in body(desk, asking)


def test_a_closed_one_that_arrives_late_says_so(desk, asking, dba):
    settling.close(asking, by=dba, at=timezone.now())
    record = cloud.BackupRecord(
        id="b" * 32, name="before-release", status="COMPLETED", instance_id=asking.instance.cloud_id
    )
    searching.adopt(Backup.objects.get(), [record], at=timezone.now())
    page = body(desk, asking)
    assert "It arrived late." in page
    assert "Found in the cloud’s list" in page


@pytest.mark.parametrize("choice", ["send-again", "close"])
def test_what_is_not_asked_any_more_is_said_and_nothing_changes(desk, in_doubt, choice):
    events = Event.objects.count()
    page = desk.post(f"/backups/{in_doubt.pk}/{choice}", follow=True).text
    assert "Nothing is to be decided" in page
    assert (Backup.objects.get().status, Event.objects.count()) == ("UNCONFIRMED", events)


@pytest.mark.parametrize("choice", ["send-again", "close"])
def test_a_viewer_may_not_decide_and_is_told_why(client, asking, auditor, choice):
    client.force_login(auditor)
    assert "Only a requester or an approver or an admin of Payments" in body(client, asking)
    assert "<button>Send again" not in body(client, asking)
    page = client.post(f"/backups/{asking.pk}/{choice}", follow=True).text
    assert "Only a requester" in page
    assert Backup.objects.get().needs_decision_at == asking.needs_decision_at
    assert Backup.objects.get().send_again_by is None
