"""The request form under an impatient hand: nothing twice, nothing lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from backups.models import Backup
from tests.backups.queries.test_history import past


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


@pytest.fixture
def form(orders, dba, sign_in, site) -> Page:
    """The form with the instance chosen."""
    page = sign_in(dba)
    page.goto(f"{site}/backups/new?instance={orders.pk}")
    return page


def test_a_double_click_makes_one_backup(form):
    form.get_by_label("Name", exact=True).fill("clicked-twice")
    form.locator("main form button.primary").dblclick()
    expect(form.get_by_role("heading", name="clicked-twice")).to_be_visible()
    assert Backup.objects.count() == 1


def test_a_wrong_field_takes_the_focus_and_everything_typed_stays(form):
    form.get_by_label("Reason").fill("schema change")
    form.get_by_label("Description").fill("all of it")
    name = form.get_by_label("Name", exact=True)
    name.fill("1st")
    form.locator("main form button.primary").click()
    expect(form.get_by_role("alert")).to_contain_text("Nothing was sent")
    expect(name).to_be_focused()
    expect(name).to_have_value("1st")
    expect(form.get_by_label("Reason")).to_have_value("schema change")
    expect(form.get_by_label("Description")).to_have_value("all of it")
    expect(form.get_by_role("checkbox", name=re.compile("orders"))).to_be_checked()
    name.fill("first")
    form.locator("main form button.primary").click()
    expect(form.get_by_role("heading", name="first")).to_be_visible()


def test_while_one_types_only_the_touched_field_is_judged_and_the_focus_stays(form):
    description = form.get_by_label("Description")
    form.get_by_label("Name", exact=True).fill("ab")
    expect(form.locator("#note-name")).to_contain_text("4")
    description.press_sequentially("not <allowed", delay=20)
    expect(form.locator("#note-description")).to_contain_text("“<”")
    expect(form.locator("#note-instances")).to_be_empty()
    expect(description).to_be_focused()
    expect(description).to_have_value("not <allowed")
    expect(description).to_have_attribute("aria-invalid", "true")


def test_searching_for_an_instance_judges_nothing(orders, ledger, dba, sign_in, site):
    page = sign_in(dba)
    page.goto(f"{site}/backups/new")
    page.get_by_role("searchbox").fill("ledg")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_label("Name", exact=True).focus()
    page.get_by_label("Name", exact=True).fill("long-enough")
    expect(page.locator("#outlook")).to_contain_text("Choose an instance")
    expect(page.locator("#note-instances")).to_be_empty()


def test_the_form_is_usable_again_after_going_back(form):
    form.get_by_label("Name", exact=True).fill("then-back")
    form.locator("main form button.primary").click()
    form.get_by_role("heading", name="then-back").wait_for()
    form.go_back()
    send = form.locator("main form button.primary")
    expect(send).to_be_enabled()
    form.get_by_label("Name", exact=True).fill("another-one")
    send.click()
    if form.get_by_role("alert").is_visible():  # the browser kept the form with its token
        form.locator("main form button.primary").click()
    expect(form.get_by_role("heading", name="another-one")).to_be_visible()
    assert sorted(Backup.objects.values_list("name", flat=True)) == ["another-one", "then-back"]


def test_a_backup_of_somebody_else_is_told_without_moving_a_row(orders, dba, sign_in, ask):
    past(orders, 1)
    page = sign_in(dba)
    place = page.locator("table.list tbody tr").first.bounding_box()
    ask(orders, "by-somebody-else")
    told = page.get_by_role("link", name="1 newer backup: show it")
    page.evaluate("document.querySelectorAll('[data-live]').forEach((it) => htmx.trigger(it, 'live'))")
    expect(told).to_be_visible()
    assert page.locator("table.list tbody tr").first.bounding_box() == place
    told.click()
    expect(page.get_by_role("link", name="by-somebody-else")).to_be_visible()
