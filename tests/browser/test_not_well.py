"""What is not well: told on an open page without moving it, and readable for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backups.models import Alarm, Backup, Credential, Instance, Pulse, User
from backups.operations import alarms, claims, reach
from tests.backups.queries.test_history import past
from tests.browser.judging import THEMES, WIDTHS, choose, found_on


@pytest.fixture
def site(web) -> str:
    """Neither worker nor reconciler: each page has something to tell."""
    return web().url


def ask_now(page: Page) -> None:
    """What a page does when the network comes back."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def top_of_the_heading(page: Page) -> float:
    return page.locator("h1").evaluate("(heading) => heading.getBoundingClientRect().top")


def let_them_live(at) -> None:
    for name in ("reconciler", "worker"):
        Pulse.objects.update_or_create(name=name, defaults={"at": at})


def test_a_problem_comes_and_goes_without_moving_the_page(site, orders, dba, sign_in):
    past(orders, 1)
    let_them_live(timezone.now() + timedelta(minutes=5))
    page = sign_in(dba)
    place = top_of_the_heading(page)
    let_them_live(timezone.now() - timedelta(hours=1))
    ask_now(page)
    told = page.locator(".problem", has_text="The reconciler is silent")
    expect(told).to_be_visible()
    assert top_of_the_heading(page) == place
    told.locator("summary").click()
    expect(told).to_contain_text("Nothing is lost")
    assert not found_on(page)
    let_them_live(timezone.now() + timedelta(minutes=5))
    ask_now(page)
    expect(told).to_have_count(0)
    assert top_of_the_heading(page) == place


def test_a_page_loaded_with_a_problem_keeps_its_place_when_all_is_well_again(site, orders, dba, sign_in):
    past(orders, 1)
    let_them_live(timezone.now() - timedelta(hours=1))
    page = sign_in(dba)
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    place = top_of_the_heading(page)
    let_them_live(timezone.now() + timedelta(minutes=5))
    ask_now(page)
    expect(page.get_by_text("All is well again.")).to_be_visible()
    assert top_of_the_heading(page) == place


@pytest.fixture
def places(simulated, dba, ask) -> list[str]:
    """Pages in doubt, with alarms, closed, stopped; everything else is silent too."""
    User.objects.update(date_joined=timezone.now() - timedelta(hours=1))
    orders = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    now = timezone.now()
    doubtful = ask(orders, "in-doubt", at=now)
    claims.claim(doubtful.pk, at=now)
    claims.expire_lease(doubtful.pk, at=now + timedelta(hours=1))
    Backup.objects.filter(pk=doubtful.pk).update(needs_decision_at=now, looks=5)
    alarmed = [past(orders, number) for number in (1, 2, 3)]
    for backup, alarm in zip(alarmed, Alarm, strict=True):
        alarms.sound(backup, alarm, ["b" * 36], at=now)
    Credential.objects.filter(project=simulated).update(failures=2)
    reach.note_sign_in_failed(simulated, "refused", skew=1200.0, at=now)
    pages = [f"/backups/{backup.pk}/" for backup in (doubtful, *alarmed)]
    return ["/backups/", *pages, "/projects/", f"/projects/{simulated.pk}/", "/teams/payments/settings"]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_ask_for_a_person_break_no_rule_of_accessibility(
    site, places, admin, sign_in, page, width
):
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(admin)
    wrong = []
    for theme in THEMES:
        choose(page, theme)
        for place in places:
            page.goto(site + place)
            wrong += found_on(page, theme)
    assert not wrong
