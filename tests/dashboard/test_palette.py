"""The command palette as its readers see it: jump to anything from anywhere, with or without script."""

import re

import pytest

from deploy.choices import REPOSITORY
from tests.backups.queries.test_history import past

HTMX = {"HX-Request": "true"}


@pytest.fixture
def labels(desk):
    """What the palette offers for a word: `labels("orders")`."""

    def ask(q: str, reader=desk) -> list[str]:
        text = reader.get("/search/", {"q": q}, headers=HTMX).text
        return re.findall(r'<span class="label">([^<]+)</span>', text)

    return ask


def test_an_instance_its_backup_and_the_action_are_one_word_away(desk, orders, labels):
    past(orders, 1, name="orders-nightly")
    assert labels("orders") == [
        "orders",
        "orders-nightly",
        "Create backup of orders",
        "Search all backups for “orders”",
    ]
    text = desk.get("/search/?q=orders", headers=HTMX).text
    assert f'href="/backups/new?instance={orders.pk}"' in text
    assert 'href="/backups/?q=orders"' in text


def test_empty_it_offers_actions_the_newest_backups_and_the_pages(orders, labels):
    past(orders, 1)
    offered = labels("")
    assert offered[:2] == ["Create backup", "auto-0001"]
    assert {"Approvals", "Instances", "Audit"} <= set(offered)
    assert "Members of Payments" not in offered


def test_a_page_is_found_by_another_word_for_it(orders, labels):
    assert "Backups" in labels("history")
    assert "Audit" in labels("log")
    assert "Members of Payments" in labels("members")


def test_nobody_is_offered_what_he_may_not_do(orders, labels, client, auditor, admin):
    client.force_login(auditor)
    assert not [label for label in labels("orders", client) if "Create" in label]
    assert "Settings of Payments" not in labels("settings", client)
    client.force_login(admin)
    assert "Settings of Payments" in labels("settings", client)
    assert "Enter a project" in labels("", client)


def test_no_action_is_offered_on_an_instance_that_is_gone(orders, labels, now):
    orders.gone_at = now
    orders.save()
    assert labels("orders") == ["orders", "Search all backups for “orders”"]


def test_without_script_the_same_address_is_a_page(desk, orders):
    page = desk.get("/search/?q=orders").text
    assert "<h1>Search</h1>" in page
    assert f'<li><a href="/instances/{orders.pk}/">' in page


def test_what_is_typed_comes_back_as_text(desk, orders):
    for headers in (HTMX, {}):
        text = desk.get("/search/", {"q": "<b>'\"&"}, headers=headers).text
        assert "<b>" not in text


def test_it_costs_the_same_queries_whatever_is_found(desk, orders, ledger, django_assert_max_num_queries):
    for number in range(1, 20):
        past(orders, number)
    for typed in ("", "auto", "o", "no-such-thing"):
        with django_assert_max_num_queries(8):
            desk.get("/search/", {"q": typed}, headers=HTMX)


def test_every_page_of_the_main_navigation_can_be_jumped_to(orders, labels):
    head = (REPOSITORY / "templates/base.html").read_text()
    named = re.findall(r'data-key="\w"[^>]*?(?:%}[^>]*?)?>{% translate "([^"]+)" %}', head)
    assert len(named) >= 5
    assert set(named) <= set(labels(""))
