"""The whole desk without a mouse."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.backups.queries.test_history import past


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


def focused(page: Page) -> str:
    """The text of what has the focus, a line's included."""
    return page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")


def test_the_keys_open_what_they_say(orders, dba, sign_in):
    page = sign_in(dba)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Create backup")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Instances")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Overview")).to_be_attached()
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Backups")).to_be_visible()


def test_j_and_k_walk_the_rows_and_enter_opens_one(orders, dba, sign_in):
    past(orders, 1)
    past(orders, 2)
    page = sign_in(dba)
    page.keyboard.press("j")
    assert "auto-0001" in focused(page)
    page.keyboard.press("j")
    assert "auto-0002" in focused(page)
    page.keyboard.press("k")
    assert "auto-0001" in focused(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="auto-0001")).to_be_visible()


def test_o_opens_a_row_and_g_o_leads_to_the_overview(orders, dba, sign_in):
    past(orders, 1)
    page = sign_in(dba)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="auto-0001")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("auto-0001")


def test_x_chooses_a_request_that_waits_and_o_opens_it(policy, orders, ask, lead, sign_in, site):
    ask(orders, "before-release", at=timezone.now())
    page = sign_in(lead)
    page.goto(f"{site}/approvals/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="before-release")).to_be_checked()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="before-release")).not_to_be_checked()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()


def test_a_key_that_is_typed_into_a_field_is_only_a_letter(orders, dba, sign_in):
    page = sign_in(dba)
    page.keyboard.press("/")
    page.keyboard.type("nj?g")
    expect(page.get_by_role("searchbox")).to_have_value("nj?g")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_first_stop_of_every_page_skips_to_its_content(orders, dba, sign_in):
    page = sign_in(dba)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_backup_is_asked_for_by_keyboard_alone(orders, dba, sign_in):
    page = sign_in(dba)
    page.keyboard.press("n")
    page.get_by_role("heading", name="Create backup").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("orders")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#outlook")).to_contain_text("orders-")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1 + p .status")).to_have_text("Queued")
