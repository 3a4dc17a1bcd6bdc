"""A token by keyboard alone: asked for, copied, and never shown again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backups.models import ApiToken, KeyPair
from backups.operations import access
from tests.browser.judging import WIDTHS, found_on
from tests.fixtures.cast import PASSWORD


@pytest.fixture
def site(web) -> str:
    """No worker is needed."""
    return web().url


def fill_by_keyboard(page: Page, *, name: str) -> None:
    """From the name on, each stop of the form by Tab; the last key sends it."""
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type(name)
    page.get_by_label("Your password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_token_is_made_and_copied_by_keyboard_and_a_reload_shows_and_makes_none(dba, sign_in, site):
    page = sign_in(dba, to="/account/access/")
    page.get_by_role("link", name="Make a token or key pair").first.press("Enter")
    fill_by_keyboard(page, name="nightly pipeline")
    shown = page.locator("#secret")
    expect(shown).to_contain_text("spt_")
    secret = shown.inner_text()
    assert not found_on(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy Token").press("Enter")
    expect(page.get_by_role("button", name="Copied Token")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.reload()
    expect(page.get_by_text("It was made already")).to_be_visible()
    assert secret not in page.content()
    page.go_back()
    assert secret not in page.content()
    assert ApiToken.objects.count() == 1


def test_a_key_pair_has_no_scopes_to_choose_and_comes_with_its_endpoint(dba, sign_in, site):
    page = sign_in(dba, to="/account/access/new")
    expect(page.get_by_label("Read: everything of the team")).to_be_checked()
    page.get_by_label("AK/SK key pair").check()
    expect(page.get_by_label("Read: everything of the team")).to_be_hidden()
    assert not found_on(page)
    fill_by_keyboard(page, name="old script")
    expect(page.get_by_role("heading", level=1)).to_have_text("Key pair “old script”")
    expect(page.locator("#access-key")).to_have_text(KeyPair.objects.get().access_key)
    expect(page.locator("#client")).to_contain_text("with_endpoint(")
    assert not found_on(page)


def test_a_wrong_password_leads_back_to_its_field(dba, sign_in, site):
    page = sign_in(dba, to="/account/access/new")
    page.get_by_label("Name", exact=True).fill("nightly pipeline")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_label("Your password")).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("nightly pipeline")
    assert not found_on(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_of_the_list_breaks_no_rule(admin, service, payments, sign_in, site, width):
    now = timezone.now()
    for user, days in ((admin, 90), (service, 9), (service, 80)):
        grant = access.Grant(user, payments, f"pipeline {days}", now + timedelta(days=days))
        for way in (access.issue_token, access.issue_key_pair):
            made = way(grant, by=None, at=now)[0]
    access.note_use(made, at=now - timedelta(hours=3))
    access.revoke(made, by=admin, at=now)
    page = sign_in(admin)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/account/access/")
    page.get_by_text("1 that opens nothing any more").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    assert not found_on(page)
