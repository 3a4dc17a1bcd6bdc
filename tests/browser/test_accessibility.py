"""Every page, light and dark, wide and narrow: readable for everybody, and nothing runs over the edge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from backups.models import Backup, Instance
from backups.operations import claims
from tests.fixtures.cast import NOW
from tests.fixtures.consent import deputize

LOOKS = [(width, theme) for width in (1440, 390) for theme in ("light", "dark")]


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


@pytest.fixture
def places(simulated, ask, admin, lead, auditor) -> list[str]:
    """The address of each page, with something on it."""
    orders = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    running, waiting = ask(orders, "running-now"), ask(orders, "waiting-for-it")
    claims.claim(running.pk, at=NOW)
    for absent, deputy in ((admin, auditor), (lead, admin)):
        deputize(simulated.team, absent, deputy, at=timezone.now())
    elsewhere = Backup.objects.filter(instance__project=simulated).exclude(pk__in=[running.pk, waiting.pk])
    project = f"/projects/{simulated.pk}/"
    return [
        "/backups/",
        "/backups/?q=no-such-name",
        "/backups/?status=COMPLETED&sort=-size",
        "/backups/?instance=no-such-instance&since=yesterday",
        f"/backups/new?instance={orders.pk}",
        *(f"/backups/{found.pk}/" for found in (running, waiting, *elsewhere[:1])),
        "/instances/",
        f"/instances/{orders.pk}/",
        "/projects/",
        project,
        f"{project}edit",
        "/projects/new",
        *(f"/teams/payments/{what}/" for what in ("members", "policies", "proposals", "channels")),
        "/teams/payments/policies/new",
        "/teams/payments/members/new",
        *(f"/members/{admin.memberships.get().pk}/{what}" for what in ("edit", "remove")),
        "/account/deputies/",
        "/audit/",
        "/audit/?verb=vanished",
        "/nowhere",
    ]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_no_page_breaks_a_rule_of_accessibility_or_runs_over_the_edge(
    site, places, admin, sign_in, page, width, theme
):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(f"{site}/sign-in/")
    wrong = found_on(page)
    sign_in(admin)
    for place in places:
        page.goto(site + place)
        wrong += found_on(page)
    assert not wrong


def found_on(page: Page) -> list[str]:
    """What is wrong with the page that is open."""
    page.wait_for_load_state()
    violations = Axe().run(page).response["violations"]
    wrong = [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{page.url}: wider than the window")
    return wrong
