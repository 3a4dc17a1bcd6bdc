"""An auditor reads who is covered, goes back in time, and takes it along on paper and as a file."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from backups.models import Environment
from tests.backups.queries.test_history import past
from tests.fixtures.fleet import make_instance


@pytest.fixture
def site(web) -> str:
    """Nothing has to be sent."""
    return web().url


@pytest.fixture
def fleet(orders, ledger, project):
    """One covered today and yesterday, one not, and one never."""
    for instance, hours in ((orders, 2), (orders, 26), (ledger, 40)):
        begun = timezone.now() - timedelta(hours=hours)
        past(instance, 1, name=f"{instance.name}-{hours}", begin_time=begun, end_time=begun)
    make_instance(project, "archive", environment=Environment.STAGING)


def test_an_auditor_finds_who_is_not_covered_and_since_when(fleet, auditor, sign_in):
    page = sign_in(auditor)
    page.keyboard.press("g")
    page.keyboard.press("c")
    rows = page.locator("table.coverage tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("archive")
    expect(rows.nth(1)).to_contain_text("Uncovered")
    page.locator(".standing").get_by_role("link", name="Never backed up").click()
    expect(rows).to_have_count(1)
    expect(page.locator(".standing [aria-current]")).to_contain_text("Never backed up")

    page.get_by_role("link", name="Clear").click()
    day = (timezone.now() - timedelta(hours=26)).date()
    page.get_by_label("As of the end of").fill(str(day))
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".lede")).to_contain_text(f"{day} 23:59:59")
    expect(page.get_by_role("link", name="orders-26")).to_be_visible()
    page.get_by_role("link", name="show it as of now").click()
    expect(page.get_by_role("link", name="orders-2", exact=True)).to_be_visible()


def test_the_report_is_made_for_paper(fleet, auditor, sign_in, site):
    page = sign_in(auditor)
    page.goto(f"{site}/coverage/?environment=production")
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (page.locator(".topbar"), page.get_by_role("button", name="Print")):
        expect(hidden).to_be_hidden()
    expect(page.locator(".lede")).to_contain_text("+0000")
    expect(page.locator("table.report tbody tr")).to_have_count(2)
    before = page.locator(".team-report").evaluate("each => getComputedStyle(each).breakBefore")
    assert before == "page"


def test_what_is_filtered_is_saved_as_a_file(fleet, auditor, sign_in, site):
    page = sign_in(auditor)
    page.goto(f"{site}/coverage/?state=uncovered")
    with page.expect_download() as told:
        page.get_by_role("link", name="CSV").click()
    assert told.value.suggested_filename.startswith("coverage-")
    with told.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert [row["instance"] for row in csv.DictReader(file)] == ["ledger"]
