"""What a page becomes under the hand: errors, steps, dialogs, the other theme, and time that passes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from backups.models import Backup
from tests.backups.queries.test_history import past
from tests.browser.judging import found_on


@pytest.fixture
def site(simulator, web) -> str:
    """No worker: what is queued stays so."""
    return web(CLOUD_ENDPOINTS=simulator.endpoint).url


def test_a_tested_connection_shows_every_step(simulated, admin, sign_in, site):
    page = sign_in(admin)
    page.goto(f"{site}/projects/{simulated.pk}/")
    page.get_by_role("button", name="Test connection").click()
    steps = page.locator("#connection .steps li")
    expect(steps).to_have_count(5)
    expect(page.locator("#connection .steps li[data-state=ok]")).to_have_count(5)
    assert not found_on(page)


def test_a_locked_out_clock_is_told_at_its_step_with_the_remedy(simulated, simulator, admin, sign_in, site):
    simulator.set_clock_offset(3600)
    page = sign_in(admin)
    page.goto(f"{site}/projects/{simulated.pk}/")
    page.get_by_role("button", name="Test connection").click()
    failed = page.locator("#connection .steps li[data-state=failed]")
    expect(failed).to_contain_text("Failed:")
    expect(failed).to_contain_text("clock")
    expect(failed).to_contain_text("NTP")
    expect(page.locator("#connection .steps li[data-state=skipped]")).to_have_count(2)
    assert not found_on(page)


def test_a_form_with_errors_and_the_list_of_keys_break_no_rule(orders, dba, sign_in, site):
    page = sign_in(dba)
    page.goto(f"{site}/backups/new")
    page.get_by_label("Name", exact=True).fill("1st")
    page.locator("main form button.primary").click()
    page.get_by_role("alert").wait_for()
    assert not found_on(page)
    page.goto(f"{site}/backups/")
    page.keyboard.press("?")
    assert not found_on(page)


def test_only_the_fields_of_the_chosen_way_to_sign_in_are_shown(admin, sign_in, site):
    page = sign_in(admin)
    page.goto(f"{site}/projects/new")
    expect(page.get_by_label("Secret key (SK)")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_hidden()
    page.get_by_label("IAM user (token)").check()
    expect(page.get_by_label("Secret key (SK)")).to_be_hidden()
    expect(page.get_by_label("Password")).to_be_visible()


def test_choosing_a_region_tells_its_endpoint_and_keeps_what_was_typed(admin, sign_in, site):
    page = sign_in(admin)
    page.goto(f"{site}/projects/new")
    endpoint = page.get_by_label("Endpoint").first
    endpoint.fill("https://mine.example")
    page.get_by_label("Region").press_sequentially("cn-south-1", delay=10)
    expect(page.locator("#hint-endpoint")).to_contain_text("https://gaussdb.cn-south-1.myhuaweicloud.com")
    expect(endpoint).to_have_value("https://mine.example")


def test_the_theme_is_chosen_kept_and_there_before_the_first_paint(dba, sign_in, site):
    page = sign_in(dba)
    switch = page.locator("[data-theme-toggle]")
    seen = []
    for _ in range(3):
        switch.click()
        seen.append(page.evaluate("document.documentElement.dataset.theme ?? 'system'"))
    assert seen == ["light", "dark", "system"]
    switch.click()
    switch.click()
    page.add_init_script(
        "new PerformanceObserver((list) => { window.paintedAs ??= document.documentElement.dataset.theme; })"
        ".observe({ type: 'paint', buffered: true })"
    )
    page.reload()
    page.wait_for_function("() => window.paintedAs !== undefined")
    assert page.evaluate("window.paintedAs") == "dark"


def test_progress_goes_on_between_two_answers(orders, dba, sign_in, ask):
    past(orders, 1, requested_at=timezone.now() - timedelta(days=1))  # took a minute
    backup = ask(orders, "running-now")
    begun = timezone.now() - timedelta(seconds=10)
    Backup.objects.filter(pk=backup.pk).update(status="BUILDING", cloud_id="a", begin_time=begun)
    page = sign_in(dba)
    bar = page.locator(f"#backup-{backup.pk} progress")
    before = bar.evaluate("(bar) => bar.value")
    page.wait_for_function(
        "([id, before]) => document.getElementById(id).querySelector('progress').value > before + 3",
        arg=[f"backup-{backup.pk}", before],
    )
