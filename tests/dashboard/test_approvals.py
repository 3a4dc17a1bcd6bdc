"""The pages on which people decide, and on which they see for whom they wait."""

import pytest
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Membership, Role, Status
from tests.fixtures.cast import member
from tests.fixtures.consent import deputize


@pytest.fixture
def waiting(policy, orders, ask) -> Backup:
    """A request of today."""
    return ask(orders, "before-release", at=timezone.now())


@pytest.fixture
def leads_desk(client: Client, lead) -> Client:
    client.force_login(lead)
    return client


def decide(desk: Client, backup: Backup, verdict: str, comment: str = ""):
    word = {"verdict": verdict, "comment": comment, "seen": backup.content_hash}
    return desk.post(f"/approvals/{backup.pk}/", word)


def status_of(backup: Backup) -> str:
    return Backup.objects.get(pk=backup.pk).status


def test_an_approver_sees_exactly_what_would_run_and_how_many_wait(waiting, leads_desk):
    page = leads_desk.get("/approvals/").text
    assert "before-release" in page
    assert "/backups/create" in page
    assert "by Dba" in page
    assert '<span class="badge">1' in page


def test_the_list_costs_the_same_however_many_wait(
    waiting, project, ask, leads_desk, django_assert_num_queries
):
    from_now = timezone.now()
    for number in range(5):
        ask(waiting.instance, f"more-{number}", at=from_now)
    leads_desk.get("/approvals/")
    with django_assert_num_queries(11):
        assert "more-4" in leads_desk.get("/approvals/").text


def test_reading_decides_nothing(waiting, leads_desk):
    assert leads_desk.get(f"/approvals/{waiting.pk}/?verdict=approved").status_code == 200
    assert status_of(waiting) == Status.AWAITING_APPROVAL


def test_an_approval_leads_to_the_backup_and_its_timeline(waiting, leads_desk):
    reply = decide(leads_desk, waiting, "approved", "go ahead")
    assert reply.url == f"/backups/{waiting.pk}/"
    page = leads_desk.get(reply.url).text
    assert "go ahead" in page
    assert "1 of 1 approvals" in page


def test_a_rejection_without_a_reason_is_told_at_the_comment_and_nothing_is_decided(waiting, leads_desk):
    reply = decide(leads_desk, waiting, "rejected")
    assert reply.status_code == 422
    assert "Say why you reject it." in reply.text
    assert status_of(waiting) == Status.AWAITING_APPROVAL


def test_what_was_typed_stays_when_somebody_else_was_first(waiting, leads_desk, payments):
    other = member("other", payments, Role.APPROVER)
    browser = Client()
    browser.force_login(other)
    decide(browser, waiting, "rejected", "frozen this week")
    reply = decide(leads_desk, waiting, "approved", "my own words")
    assert reply.status_code == 422
    assert "Other was first: rejected." in reply.text
    assert "frozen this week" in reply.text


def test_one_word_on_several_requests(waiting, ask, ledger, leads_desk):
    second = ask(ledger, "before-release", at=timezone.now())
    choices = [f"{row.pk}:{row.content_hash}" for row in (waiting, second)]
    reply = leads_desk.post(
        "/approvals/decide", {"verdict": "approved", "choice": [*choices, "nonsense"]}, follow=True
    )
    assert "2 requests approved." in reply.text
    assert {status_of(waiting), status_of(second)} == {Status.QUEUED}


def test_who_asked_sees_for_whom_it_waits_and_why_not_for_himself(waiting, desk):
    page = desk.get("/approvals/?tab=asked").text
    assert "1 approval is still to come." in page
    assert "Could decide now: Lead." in page
    page = desk.get(f"/backups/{waiting.pk}/").text
    assert "another person must decide" in page
    assert "Read and decide" not in page


def test_a_request_that_nobody_could_decide_says_so(waiting, desk, lead):
    Membership.objects.filter(user=lead).delete()
    assert "Nobody could decide now" in desk.get("/approvals/?tab=asked").text


def test_a_deputy_is_told_in_whose_role_he_reads(waiting, client, payments, lead):
    deputy = member("deputy", payments, Role.VIEWER)
    deputize(payments, lead, deputy, at=timezone.now())
    client.force_login(deputy)
    assert "as deputy of somebody who is away" in client.get("/approvals/").text


def test_a_break_glass_backup_waits_for_review_until_somebody_says_what_was_found(
    waiting, dba, orders, leads_desk
):
    Backup.objects.bulk_create(
        [
            Backup(
                team=orders.team,
                instance=orders,
                name="at-night",
                status=Status.REFUSED,
                requested_by=dba,
                requested_at=timezone.now(),
                client_token=waiting.pk,
                is_break_glass=True,
                reason="disk fails",
                change_ticket="INC-1",
                review_by=timezone.now(),
            )
        ]
    )
    broken = Backup.objects.get(name="at-night")
    assert "had it run without approval: disk fails (INC-1)" in leads_desk.get("/approvals/").text
    assert "Record the review" in leads_desk.get(f"/backups/{broken.pk}/").text
    assert "Say what you found." in leads_desk.post(f"/backups/{broken.pk}/review", follow=True).text
    reply = leads_desk.post(f"/backups/{broken.pk}/review", {"comment": "it did fail"}, follow=True)
    assert "Break-glass, reviewed." in reply.text
    assert "at-night" not in leads_desk.get("/approvals/").text
