"""A call whose fate the cloud leaves open: a person is asked, decides, and sees it end well."""

import pytest
from playwright.sync_api import expect

from backups.models import Backup, Event, Instance
from tests.browser.judging import found_on

PATIENCE_MS = 90_000


@pytest.fixture
def site(simulator, web, celery_worker, reconciler) -> str:
    """Everything up; a person is asked after seconds instead of minutes."""
    quick = {"CLOUD_ENDPOINTS": simulator.endpoint, "SETTLE_HORIZON_SECONDS": "6"}
    celery_worker(**quick)
    reconciler(**quick)
    return web(**quick).url


def test_a_dba_is_asked_about_a_lost_call_sends_it_again_and_watches_it_complete(
    site, simulated, simulator, dba, sign_in
):
    orders = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    simulator.fault(operation="create_backup", at="received", action="drop", times=1)
    page = sign_in(dba)
    page.goto(f"{site}/backups/new?instance={orders.pk}")
    page.get_by_label("Name", exact=True).fill("before-release-1")
    page.get_by_role("button", name="Create backup").click()
    page.evaluate("window.neverReloaded = true")

    state = page.locator(".settling")
    expect(state).to_contain_text("It is not known whether the cloud has it", timeout=PATIENCE_MS)
    expect(state).to_contain_text("The request left and no answer came back")
    send_again = page.get_by_role("button", name="Send again")
    expect(send_again).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Close without sending again")).to_be_visible()
    assert page.evaluate("window.neverReloaded") is True
    assert not found_on(page)
    assert simulator.backups(simulated.project_id) == []

    send_again.click()
    page.evaluate("window.neverReloaded = true")
    expect(page.locator(".timeline")).to_contain_text("Decided: send again")
    expect(page.locator("h1 + p .status")).to_have_text("Completed", timeout=PATIENCE_MS)
    expect(page.locator(".timeline")).to_contain_text("Not found, so it is sent again")
    assert page.evaluate("window.neverReloaded") is True

    [made] = simulator.backups(simulated.project_id)
    backup = Backup.objects.get(name="before-release-1")
    assert (backup.cloud_id, backup.status, backup.fence) == (made["id"], "COMPLETED", 2)
    assert Event.objects.get(backup=backup, verb="send_again_decided").actor == dba
