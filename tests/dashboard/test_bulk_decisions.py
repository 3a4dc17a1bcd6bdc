"""One word on several requests: on those that were ticked, and on no other."""

import pytest
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Instance, Role, Status
from tests.fixtures.cast import member
from tests.fixtures.consent import reject

DECIDE = "/approvals/decide"


@pytest.fixture
def waiting(policy, orders, ask) -> Backup:
    return ask(orders, "before-release", at=timezone.now())


@pytest.fixture
def second(waiting, ledger, ask) -> Backup:
    return ask(ledger, "month-end", at=timezone.now())


@pytest.fixture
def leads_desk(client: Client, lead) -> Client:
    client.force_login(lead)
    return client


def ticked(*backups: Backup) -> list[str]:
    return [f"{row.pk}:{row.content_hash}" for row in backups]


def status_of(backup: Backup) -> str:
    return Backup.objects.get(pk=backup.pk).status


def test_only_what_was_ticked_is_decided(waiting, second, leads_desk):
    word = {"verdict": "approved", "choice": ticked(second)}
    assert "1 request approved." in leads_desk.post(DECIDE, word, follow=True).text
    assert (status_of(waiting), status_of(second)) == (Status.AWAITING_APPROVAL, Status.QUEUED)


def test_the_list_is_filtered_by_the_address_and_stays_so_after_a_decision(waiting, second, leads_desk):
    narrow = "q=month&environment=production"
    page = leads_desk.get(f"/approvals/?{narrow}").text
    assert "month-end" in page
    assert "before-release" not in page
    assert f'action="{DECIDE}?{narrow.replace("&", "&amp;")}"' in page
    reply = leads_desk.post(f"{DECIDE}?{narrow}", {"verdict": "approved", "choice": ticked(second)})
    assert reply.url == f"/approvals/?{narrow}"
    page = leads_desk.get(reply.url).text
    assert "Nothing that waits matches" in page
    assert status_of(waiting) == Status.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ("q=orders", ["before-release"]),
        ("q=dba", ["before-release", "month-end"]),
        ("team=payments", ["before-release", "month-end"]),
        ("environment=staging", ["month-end"]),
        ("team=no-such-team", ["before-release", "month-end"]),
    ],
)
def test_each_filter_leaves_what_matches(waiting, second, leads_desk, ledger, narrow, found):
    Instance.objects.filter(pk=ledger.pk).update(environment="staging")
    page = leads_desk.get(f"/approvals/?{narrow}").text
    assert [name for name in ("before-release", "month-end") if name in page] == found


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ({"verdict": "rejected"}, "Say why you reject it."),
        ({"verdict": "approved", "comment": "c" * 501}, "at most 500 characters"),
        ({"comment": "my words"}, "This field is required."),
    ],
)
def test_wrong_words_decide_nothing_and_leave_every_tick_and_word(waiting, second, leads_desk, word, why):
    reply = leads_desk.post(f"{DECIDE}?q=e", {"choice": ticked(waiting, second)} | word)
    assert reply.status_code == 422
    assert why in reply.text
    assert reply.text.count(" checked>") == 2
    assert word.get("comment", "") in reply.text
    assert 'action="/approvals/decide?q=e"' in reply.text
    assert {status_of(waiting), status_of(second)} == {Status.AWAITING_APPROVAL}


def test_nothing_ticked_is_told_and_the_comment_stays(waiting, leads_desk):
    reply = leads_desk.post(DECIDE, {"verdict": "approved", "comment": "my words"})
    assert "Choose at least one request." in reply.text
    assert "my words" in reply.text


def test_each_that_cannot_be_decided_says_why_and_the_others_are(
    waiting, second, leads_desk, ask, orders, payments
):
    other_words = ask(orders, "other-words", at=timezone.now())
    choice = [*ticked(waiting, second), f"{other_words.pk}:{'0' * 64}", "nonsense"]
    reject(waiting, member("other", payments, Role.APPROVER), at=timezone.now())
    told = leads_desk.post(DECIDE, {"verdict": "approved", "choice": choice}, follow=True).text
    assert "before-release: Other was first: rejected." in told
    assert "other-words: What you saw is not what would run." in told
    assert "not there any more" in told
    assert "1 request approved." in told
    assert status_of(second) == Status.QUEUED
