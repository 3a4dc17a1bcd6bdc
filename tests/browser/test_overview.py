"""The first page in a real browser: it goes on by itself, and the year leads to the history."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from backups.models import Backup
from backups.operations import claims
from tests.backups.queries.test_history import past


@pytest.fixture
def site(web) -> str:
    """No worker: what happens, the test does."""
    return web().url


def test_the_answers_follow_what_happens_and_nothing_moves(orders, ledger, dba, sign_in, ask):
    past(orders, 2, requested_at=timezone.now() - timedelta(days=2), status="FAILED")
    backup = ask(orders, "before-release", at=timezone.now())
    page = sign_in(dba, to="/")
    running = page.get_by_role("region", name="Running")
    expect(running).to_contain_text("before-release")
    expect(running.locator(".figure")).to_have_text("0")
    expect(page.get_by_role("region", name="Failed or to decide").locator(".figure")).to_have_text("1")
    expect(page.get_by_role("region", name="Not covered")).to_contain_text("Never backed up")
    newest = page.get_by_role("region", name="Newest backups")
    stands_at = newest.bounding_box()
    link = running.get_by_role("link", name="before-release")
    link.focus()

    claims.claim(backup.pk, at=timezone.now())
    expect(running.locator(".figure")).to_have_text("1", timeout=20_000)
    expect(running).to_contain_text("Submitting")
    expect(page.locator(f"#backup-{backup.pk} .status")).to_have_text("Submitting")
    expect(link).to_be_focused()

    ask(ledger, "newer-one", at=timezone.now())
    expect(newest.get_by_role("link", name="1 newer backup: show it")).to_be_visible(timeout=20_000)
    expect(newest).not_to_contain_text("newer-one")
    assert newest.bounding_box() == stands_at


def test_a_day_of_the_year_is_found_by_arrow_keys_and_leads_to_its_backups(orders, dba, sign_in):
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for days in (1, 3, 8):
        begun = today - timedelta(days=days)
        times = {"requested_at": begun, "begin_time": begun, "end_time": begun + timedelta(minutes=5)}
        past(orders, days, name=f"{days}-days-ago", **times)
    page = sign_in(dba, to="/")
    calendar = page.locator("[data-calendar]")
    calendar.get_by_role("link").last.wait_for()
    assert calendar.locator("a[tabindex='0']").count() == 1
    calendar.locator("a[tabindex='0']").focus()
    day = f"{today - timedelta(days=1):%-d %B %Y}: 1 good"
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile(day))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expected = today - timedelta(days=1)
    page.wait_for_url(
        re.compile(rf"/backups/\?since={expected:%Y-%m-%d}T00:00:00Z&until={today:%Y-%m-%d}T00:00:00Z")
    )


def test_an_instance_shows_a_year_as_pictures_and_marks_what_was_out_of_the_usual(orders, dba, sign_in):
    for days in range(30):
        begun = timezone.now() - timedelta(days=days)
        minutes = 40 if days == 2 else 8 + days % 3
        times = {"requested_at": begun, "begin_time": begun, "end_time": begun + timedelta(minutes=minutes)}
        past(orders, days, size_mb=3000.0, **times)
    slow = Backup.objects.get(name="auto-0002")
    page = sign_in(dba, to=f"/instances/{orders.pk}/")
    expect(page.get_by_role("img", name="Duration of good backups by day")).to_be_visible()
    expect(page.get_by_role("img", name="Size of good backups by day")).to_be_visible()
    expect(page.locator(".chart path.odd")).to_have_count(1)
    expect(page.locator(f"#backup-{slow.pk}")).to_contain_text("longer than usual")
    expect(page.locator("tr .tag", has_text="usual")).to_have_count(1)
    page.locator("summary", has_text="By day").click()
    expect(page.get_by_role("table", name="Good backups by day, newest first")).to_contain_text("longer")
    page.get_by_role("link", name="auto-0002").click()
    expect(page.locator("dl.facts")).to_contain_text("longer than usual")
