"""One act on many backups: each is judged by itself, and what was not done says why."""

import re

from django.utils import timezone

from backups.models import Backup, Status
from dashboard.views import bulk
from tests.backups.queries.test_history import past


def choice(*backups: Backup) -> list[str]:
    return [f"{backup.pk}:{backup.content_hash}" for backup in backups]


def statuses() -> dict[str, str]:
    return dict(Backup.objects.values_list("name", "status"))


def ticks(page: str) -> int:
    return len(re.findall(r'type="checkbox" name="choice"', page))


def test_only_lines_with_which_something_can_be_done_have_a_box(desk, client, orders, ask, auditor):
    past(orders, 1)
    ask(orders, "queued-one")
    assert ticks(desk.get("/backups/").text) == 1
    client.force_login(auditor)
    assert ticks(client.get("/backups/").text) == 0


def test_an_approver_has_a_box_for_what_others_asked_for(policy, orders, ask, lead, client, dba):
    ask(orders, "asked-for", at=timezone.now())
    for person, boxes in ((lead, 1), (dba, 1)):  # the one may approve, the other cancel
        client.force_login(person)
        assert ticks(client.get("/backups/").text) == boxes


def test_the_ticked_are_cancelled_and_the_others_say_why_not(desk, orders, ledger, ask):
    first, second, kept = ask(orders, "first-one"), ask(ledger, "second-one"), ask(orders, "kept-one")
    over = past(orders, 1, name="long-over")
    sent = {"act": "cancel", "choice": [*choice(first, second, over), "nonsense"]}
    page = desk.post("/backups/bulk?q=one&sort=size", sent, follow=True)
    assert page.redirect_chain == [("/backups/?q=one&sort=size", 302)]
    assert "2 backups are cancelled. Nothing was sent to the cloud." in page.text
    assert "long-over: It is too late to cancel" in page.text
    assert "1 that you selected is not there any more." in page.text
    assert statuses() == {
        first.name: "CANCELLED",
        second.name: "CANCELLED",
        kept.name: "QUEUED",
        over.name: "COMPLETED",
    }


def test_many_that_fail_for_one_reason_are_told_in_one_sentence(desk, orders):
    over = [past(orders, number, name=f"over-{number}") for number in range(1, 9)]
    page = desk.post("/backups/bulk", {"act": "cancel", "choice": choice(*over)}, follow=True).text
    assert page.count("too late to cancel") == 1
    assert "3 others" in page


def test_another_teams_backup_is_as_if_it_were_not_there(desk, foreign, stranger, client):
    backup = past(foreign, 1, status=Status.QUEUED, next_action_at=timezone.now())
    page = desk.post("/backups/bulk", {"act": "cancel", "choice": choice(backup)}, follow=True).text
    assert "not there any more" in page
    assert statuses() == {backup.name: "QUEUED"}


def test_the_ticked_are_approved_as_they_were_seen(policy, orders, ledger, ask, lead, client):
    first, second = ask(orders, "first-one", at=timezone.now()), ask(ledger, "second-one", at=timezone.now())
    client.force_login(lead)
    sent = {"act": "approve", "choice": [*choice(first), f"{second.pk}:{'0' * 64}"]}
    page = client.post("/backups/bulk", sent, follow=True).text
    assert "1 request approved." in page
    assert "second-one: What you saw is not what would run." in page
    assert statuses() == {first.name: "QUEUED", second.name: "AWAITING_APPROVAL"}


def test_nothing_ticked_too_much_ticked_and_an_unknown_act_do_nothing(desk, orders, ask, monkeypatch):
    monkeypatch.setattr(bulk, "AT_MOST", 1)
    first, second = ask(orders, "first-one"), ask(orders, "second-one")
    told = {
        "Select at least one": {"act": "cancel"},
        "at most 1 at once": {"act": "cancel", "choice": choice(first, second)},
        "first-one": {"act": "delete", "choice": choice(first)},
    }
    for words, sent in told.items():
        assert words in desk.post("/backups/bulk", sent, follow=True).text
    assert set(statuses().values()) == {"QUEUED"}
