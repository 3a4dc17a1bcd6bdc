"""Every page, light and dark, wide and narrow: readable for everybody, and nothing runs over the edge."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.urls import Resolver404
from django.utils import timezone

from backups.models import Backup, Instance, Team, User
from backups.operations import access, claims
from tests.browser.judging import THEMES, WIDTHS, choose, found_on
from tests.browser.pages import PAGES, route_of
from tests.fixtures.cast import NOW
from tests.fixtures.consent import deputize


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


@pytest.fixture
def places(simulated, ask, by_mail, govern, admin, lead, auditor, service) -> list[str]:
    """The address of each page, with something on it."""
    orders = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    running, waiting = ask(orders, "running-now"), ask(orders, "waiting-for-it")
    claims.claim(running.pk, at=NOW)
    policy = govern(environment="")
    awaiting = ask(orders, "before-release", at=timezone.now())
    for absent, deputy in ((admin, auditor), (lead, admin)):
        deputize(simulated.team, absent, deputy, at=timezone.now())
    held = [issued(simulated.team, service, way) for way in (access.issue_token, access.issue_key_pair)]
    ours = [running.pk, waiting.pk, awaiting.pk]
    elsewhere = Backup.objects.filter(instance__project=simulated).exclude(pk__in=ours)
    project, team = f"/projects/{simulated.pk}/", "/teams/payments/"
    return [
        "/",
        "/backups/",
        "/backups/?q=no-such-name",
        "/backups/?status=COMPLETED&sort=-size",
        "/backups/?instance=no-such-instance&since=yesterday",
        f"/backups/new?instance={orders.pk}",
        *(f"/backups/{found.pk}/" for found in (running, waiting, awaiting, *elsewhere[:1])),
        "/approvals/",
        "/approvals/?tab=asked",
        f"/approvals/{awaiting.pk}/",
        "/instances/",
        f"/instances/{orders.pk}/",
        "/coverage/",
        "/coverage/?q=no-such-name&day=2020-01-01",
        "/coverage/report",
        "/projects/",
        project,
        f"{project}edit",
        "/projects/new",
        *(f"{team}{what}" for what in ("settings", "members/", "policies/", "proposals/", "channels/")),
        f"{team}service-accounts/",
        *(f"{team}{what}/new" for what in ("policies", "members", "channels", "service-accounts")),
        f"/policies/{policy.pk}/edit",
        *(f"/members/{admin.memberships.get().pk}/{what}" for what in ("edit", "remove")),
        f"/channels/{by_mail.pk}/",
        f"/channels/{by_mail.pk}/edit",
        "/account/deputies/",
        "/account/access/",
        "/account/access/new",
        *(f"/account/access/{pk}/revoke" for pk in held),
        "/api/v1/docs/",
        "/audit/",
        "/audit/?verb=vanished",
        "/search/?q=o",
        "/nowhere",
    ]


def issued(team: Team, user: User, way: Any) -> UUID:
    """A token or key pair, which ends soon."""
    now = timezone.now()
    pk: UUID = way(access.Grant(user, team, "nightly pipeline", now + timedelta(days=9)), by=None, at=now)[
        0
    ].pk
    return pk


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_breaks_a_rule_of_accessibility_or_runs_over_the_edge(
    site, places, admin, sign_in, page, width
):
    page.set_viewport_size({"width": width, "height": 844})
    wrong = []
    for theme in THEMES:
        choose(page, theme)
        page.goto(f"{site}/sign-in/")
        wrong += found_on(page, theme)
        sign_in(admin)
        for place in places:
            page.goto(site + place)
            wrong += found_on(page, theme)
        page.context.clear_cookies()
    assert not wrong


def test_the_first_page_of_an_empty_safepoint_breaks_no_rule(db, site, page):
    for width, theme in product(WIDTHS, THEMES):
        page.set_viewport_size({"width": width, "height": 844})
        choose(page, theme)
        page.goto(site)
        assert route_of(page.url.removeprefix(site)) == "first-admin"
        assert not found_on(page, theme)


def test_each_page_is_among_those(places):
    judged = {"sign-in", "first-admin"}
    for place in places:
        try:
            judged.add(route_of(place))
        except Resolver404:
            assert place == "/nowhere"
    assert judged == PAGES
