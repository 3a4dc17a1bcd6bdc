"""Approvals with one thumb: choosing, one word on all, and news without a jump."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backups.models import Backup, Membership, Status
from tests.browser.judging import THEMES, WIDTHS, choose, found_on


@pytest.fixture
def site(web) -> str:
    """No worker: what is approved stays queued."""
    return web().url


@pytest.fixture
def waiting(policy, orders, ledger, ask) -> list[Backup]:
    return [ask(each, "before-release", at=timezone.now()) for each in (orders, ledger)]


@pytest.fixture
def phone(page: Page, waiting, lead, sign_in, site) -> Page:
    """The lead's."""
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(lead)
    page.goto(f"{site}/approvals/")
    return page


def test_all_are_chosen_at_once_and_the_word_is_in_reach_of_the_thumb(phone, waiting):
    approve = phone.get_by_role("button", name="Approve")
    expect(approve).to_be_hidden()
    phone.get_by_label("Choose all 2 shown").check()
    expect(phone.get_by_text("2 chosen")).to_be_visible()
    expect(approve).to_be_in_viewport()
    place = approve.bounding_box()
    assert place
    assert place["height"] >= 44
    assert place["y"] > 422
    approve.click()
    expect(phone.get_by_text("2 requests approved.")).to_be_visible()
    assert set(Backup.objects.values_list("status", flat=True)) == {Status.QUEUED}


def test_a_rejection_without_a_reason_leaves_the_choice_and_leads_to_the_comment(phone, waiting):
    first = phone.get_by_role("checkbox", name="before-release").first
    first.check()
    phone.get_by_role("button", name="Reject").click()
    comment = phone.get_by_label("Comment")
    expect(comment).to_be_focused()
    expect(phone.get_by_text("1 chosen")).to_be_visible()
    comment.fill("frozen this week")
    phone.get_by_role("button", name="Reject").click()
    expect(phone.get_by_text("1 request rejected.")).to_be_visible()
    assert sorted(Backup.objects.values_list("status", flat=True)) == ["AWAITING_APPROVAL", "REJECTED"]


def test_another_request_is_told_without_moving_what_is_read(phone, waiting, ask, orders):
    place = phone.locator("article").first.bounding_box()
    ask(orders, "another-one", at=timezone.now())
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    news = phone.get_by_role("link", name="What waits has changed: show it")
    expect(news).to_be_visible()
    expect(phone.locator(".nav .badge")).to_contain_text("3")
    assert phone.locator("article").first.bounding_box() == place
    news.click()
    expect(phone.locator("article")).to_have_count(3)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_four_eyes_break_no_rule_of_accessibility(
    site, waiting, dba, lead, sign_in, page, width
):
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    page.set_viewport_size({"width": width, "height": 844})
    wrong = []
    for theme in THEMES:
        choose(page, theme)
        sign_in(lead)
        page.goto(f"{site}/approvals/")
        page.get_by_label("Choose all").check()
        wrong += found_on(page, theme)
        page.goto(f"{site}/approvals/{waiting[0].pk}/")
        wrong += found_on(page, theme)
        page.context.clear_cookies()
        sign_in(dba)
        page.goto(f"{site}/approvals/?tab=asked")
        wrong += found_on(page, theme)
        page.goto(f"{site}/backups/new?instance={waiting[0].instance_id}")
        page.get_by_label("Break the glass").check()
        expect(page.locator("#note-reason")).to_contain_text("needs a reason")
        wrong += found_on(page, theme)
        page.context.clear_cookies()
    assert not wrong
