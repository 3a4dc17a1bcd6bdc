"""A DBA finds what failed, keeps that view, cancels what is no longer needed, and takes the list along."""

import csv
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backups.models import Backup, SavedView, Status
from tests.backups.queries.test_history import past


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


@pytest.fixture
def desk(orders, ledger, ask, dba, sign_in) -> Page:
    for number in range(1, 56):
        past(orders, number, name=f"nightly-{number:03d}", size_mb=1024.0 * number)
    for number in range(1, 4):
        past(ledger, number, name=f"broken-{number}", status=Status.FAILED, size_mb=None)
    for number in range(1, 4):
        ask(ledger, f"queued-{number}", at=timezone.now())
    return sign_in(dba)


def names(page: Page) -> list[str]:
    return page.locator("table.history tbody td[data-label=Name] > a").all_inner_texts()


def test_she_filters_sorts_and_keeps_what_she_sees(desk, dba):
    page = desk
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Failed", exact=True).check()
    page.get_by_label("Cancelled", exact=True).check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile(r"/backups/\?status=FAILED&status=CANCELLED$"))
    assert names(page) == ["broken-1", "broken-2", "broken-3"]

    page.get_by_role("link", name="Took").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Took")
    assert names(page) == ["broken-3", "broken-2", "broken-1"]

    page.locator(".views > summary").click()
    page.get_by_label("Keep what is shown now as").fill("Failures")
    page.get_by_role("button", name="Keep view").click()
    expect(page.get_by_role("status").get_by_text("Kept as “Failures”")).to_be_visible()
    assert SavedView.objects.get(user=dba).query == "status=FAILED&status=CANCELLED&sort=-took"

    page.get_by_role("link", name="Cancelled take away").click()
    page.wait_for_url(re.compile(r"status=FAILED&sort=-took$"))
    page.locator(".views > summary").click()
    page.get_by_role("link", name="Failures", exact=True).click()
    page.wait_for_url(re.compile("CANCELLED"))


def test_an_instance_is_proposed_while_its_name_is_typed(desk):
    page = desk
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Instance", exact=True).press_sequentially("led")
    expect(page.locator("#instance-names option[value=ledger]")).to_be_attached()
    page.get_by_label("Instance", exact=True).fill("ledger")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?instance=ledger$"))
    assert len(names(page)) == 6


def test_what_she_ticks_by_keyboard_stays_ticked_when_a_line_changes_and_is_cancelled(desk):
    page = desk
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    ticked = page.locator("table.history tr:has(:checked) td[data-label=Name] > a").all_inner_texts()
    Backup.objects.filter(name=ticked[0]).update(error_message="told anew")
    expect(page.locator("tr", has_text="told anew")).to_be_visible(timeout=15_000)
    expect(page.locator("tr", has_text="told anew").get_by_role("checkbox")).to_be_checked()

    page.get_by_role("button", name="Cancel backups").click()
    expect(page.get_by_text("2 backups are cancelled.")).to_be_visible()
    assert sorted(Backup.objects.filter(status="CANCELLED").values_list("name", flat=True)) == sorted(ticked)


def test_all_on_the_page_are_ticked_at_once_and_none_again(desk):
    page = desk
    everything = page.get_by_role("checkbox", name="Select all on this page")
    everything.check()
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("button", name="Select none").click()
    expect(page.locator("#bulk")).to_be_hidden()
    expect(everything).not_to_be_checked()


def test_the_export_shows_how_far_it_is_and_saves_what_is_filtered(desk, tmp_path):
    page = desk
    page.goto(page.url + "?q=nightly&sort=-size")
    with page.expect_download() as saving:
        page.get_by_role("link", name="CSV of what is filtered").click()
    saving.value.save_as(tmp_path / "saved.csv")
    expect(page.locator(".export")).to_contain_text("Saved: 55 rows")
    with (tmp_path / "saved.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [f"nightly-{number:03d}" for number in range(55, 0, -1)]
    assert saving.value.suggested_filename.startswith("backups-20")


def test_the_next_page_joins_the_list_without_a_jump(desk):
    page = desk
    assert len(names(page)) == 50
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("table.history tbody tr:not(.more)")).to_have_count(61)
    assert len(set(names(page))) == 61
