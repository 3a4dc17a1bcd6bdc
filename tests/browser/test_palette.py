"""The command palette: everywhere in three keys, and with a thumb."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.backups.queries.test_history import past
from tests.browser.judging import THEMES, WIDTHS, choose, found_on


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


def palette(page: Page):
    return page.get_by_role("dialog", name="Search and jump")


def chosen(page: Page):
    return palette(page).locator("[role=option][aria-selected=true]")


def test_a_dba_jumps_to_an_instance_and_asks_for_its_backup_without_a_mouse(orders, ledger, dba, sign_in):
    past(orders, 1, name="orders-nightly")
    page = sign_in(dba)
    page.keyboard.press("Control+k")
    field = palette(page).get_by_role("combobox")
    expect(field).to_be_focused()
    expect(chosen(page)).to_contain_text("Create backup")

    page.keyboard.type("order")
    expect(chosen(page)).to_have_attribute("href", f"/instances/{orders.pk}/")
    expect(field).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id") or "")
    expect(palette(page).get_by_role("status")).to_have_text("4 entries")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("orders-nightly")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_contain_text("Search all backups")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_contain_text("Create backup of orders")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Create backup")).to_be_visible()
    expect(page.get_by_role("checkbox", name="orders")).to_be_checked()


def test_whoever_types_faster_than_the_server_answers_lands_where_he_meant(orders, ledger, dba, sign_in):
    page = sign_in(dba)
    page.keyboard.press("Control+k")
    page.keyboard.type("ledger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ledger")).to_be_visible()


def test_escape_closes_it_and_gives_the_focus_back(orders, dba, sign_in):
    page = sign_in(dba)
    search = page.locator("main [data-search]")
    search.fill("typed")
    page.keyboard.press("Control+k")
    page.keyboard.type("gjn?")
    expect(palette(page).get_by_role("combobox")).to_have_value("gjn?")
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    expect(search).to_be_focused()
    expect(search).to_have_value("typed")


def test_on_a_phone_it_opens_by_its_button_and_each_line_is_as_wide_as_a_thumb(orders, dba, page, sign_in):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(dba)
    page.get_by_role("link", name="Search", exact=True).click()
    page.keyboard.type("order")
    line = palette(page).get_by_role("option", name="orders", exact=False).first
    expect(line).to_have_attribute("href", f"/instances/{orders.pk}/")
    box = line.bounding_box()
    assert box
    assert (box["height"] >= 44, box["width"] >= 350) == (True, True)
    line.click()
    expect(page.get_by_role("heading", name="orders")).to_be_visible()


def test_the_open_palette_and_the_list_of_keys_break_no_rule(orders, dba, page, sign_in):
    past(orders, 1)
    sign_in(dba)
    for width, theme in product(WIDTHS, THEMES):
        page.set_viewport_size({"width": width, "height": 844})
        choose(page, theme)
        page.reload()
        page.keyboard.press("Control+k")
        page.keyboard.type("o")
        expect(palette(page).locator("[data-q=o] [role=option]").first).to_be_visible()
        assert not found_on(page, theme)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        assert not found_on(page, theme)
