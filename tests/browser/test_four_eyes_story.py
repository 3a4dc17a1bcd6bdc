"""The whole of four eyes on two phones: asked, told by mail, approved, completed, while both watch."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from backups.models import Backup, Event, Instance, Service, Status
from backups.operations import channels
from tests.faults.waiting import until
from tests.fixtures.cast import PASSWORD

PATIENCE_MS = 40_000


@pytest.fixture
def site(simulator, web, celery_worker, reconciler, mail_server) -> str:
    """Everything up, and a mail server that takes what is sent."""
    environ = {
        "CLOUD_ENDPOINTS": simulator.endpoint,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_server.port),
    }
    pages = web(**environ).url
    celery_worker(SITE_URL=pages, **environ)
    reconciler(SITE_URL=pages, **environ)
    return pages


@pytest.fixture
def leads_phone(browser: Browser) -> Iterator[Page]:
    """A second browser, which knows nothing of the first."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def sign_in_where_asked(page: Page, person) -> None:
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_lead_follows_the_mail_approves_and_both_watch_it_complete(
    site, simulated, simulator, payments, dba, lead, admin, govern, mail_server, sign_in, page, leads_phone
):
    govern(environment="")
    everybody = channels.ChannelDraft(Service.EMAIL, "People", Service.EMAIL.occasions)
    channels.add(payments, everybody, by=admin, at=timezone.now())
    instance = Instance.objects.filter(project=simulated, status="normal").order_by("volume_gb")[0]

    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(dba)
    page.goto(f"{site}/backups/new?instance={instance.pk}")
    expect(page.locator("#outlook")).to_contain_text("needs 1 approval from Lead")
    page.get_by_label("Name", exact=True).fill("before-release")
    page.get_by_label("Reason").fill("schema change")
    page.get_by_role("main").get_by_role("button", name="Create backup").click()
    expect(page.get_by_text("Could decide now: Lead.")).to_be_visible()
    page.evaluate("window.neverReloaded = true")

    until(lambda: mail_server.told(lead.email))
    [mail] = [each for each in mail_server.mails if each["To"] == lead.email]
    [link] = re.findall(r"https?://\S+", mail.get_content())
    backup = Backup.objects.get()
    assert link == f"{site}/approvals/{backup.pk}/"
    assert not mail_server.told(dba.email)

    leads_phone.goto(link)
    sign_in_where_asked(leads_phone, lead)
    leads_phone.wait_for_url(link)
    expect(leads_phone.get_by_text("schema change")).to_be_visible()
    assert Backup.objects.get().status == Status.AWAITING_APPROVAL
    assert simulator.history("create_backup") == []
    leads_phone.get_by_label("Comment").fill("go ahead")
    leads_phone.get_by_role("button", name="Approve").click()
    leads_phone.wait_for_url(f"{site}/backups/{backup.pk}/")
    leads_phone.evaluate("window.neverReloaded = true")
    # What a phone that is taken up again does; one that is looked at all the time asks each 15 seconds.
    page.evaluate("window.dispatchEvent(new Event('online'))")

    for phone in (page, leads_phone):
        expect(phone.locator("h1 + p .status")).to_have_text("Completed", timeout=PATIENCE_MS)
        expect(phone.locator(".timeline")).to_contain_text("“go ahead”")
        assert phone.evaluate("window.neverReloaded") is True
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
    [made] = simulator.backups(simulated.project_id)
    assert Event.objects.get(backup=backup, verb="approved").actor == lead
    assert (made["name"], made["id"]) == ("before-release", Backup.objects.get().cloud_id)
