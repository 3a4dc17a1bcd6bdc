"""From the click to COMPLETED, in a real browser, through every room of the house."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from backups.models import Backup, Instance


def test_a_dba_sees_why_a_name_is_wrong_and_then_watches_her_backup_complete(
    simulated, dba, sign_in, simulator
):
    orders = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    page = sign_in(dba)
    page.get_by_role("link", name="Create backup").first.click()

    page.get_by_role("checkbox", name=re.compile(orders.name)).check()
    name = page.get_by_label("Name", exact=True)
    name.fill("1st backup")
    note = page.locator("#note-name")
    expect(note).to_contain_text("“1”")
    expect(name).to_have_attribute("aria-invalid", "true")
    assert not Backup.objects.exists()

    name.fill("before-release-1")
    expect(note).to_have_text("")
    expect(page.locator("#outlook")).to_contain_text("before-release-1")
    page.get_by_label("Description").fill("asked for in a browser")
    page.get_by_role("button", name="Create backup").click()

    expect(page.get_by_role("heading", name="before-release-1")).to_be_visible()
    page.evaluate("window.neverReloaded = true")
    expect(page.locator("h1 + p .status")).to_have_text("Completed", timeout=60_000)
    expect(page.locator(".timeline")).to_contain_text("Accepted by the cloud")
    assert page.evaluate("window.neverReloaded") is True

    [made] = [each for each in simulator.backups(simulated.project_id) if each["name"] == "before-release-1"]
    backup = Backup.objects.get(name="before-release-1")
    assert (backup.cloud_id, backup.status) == (made["id"], "COMPLETED")
    assert backup.size_mb


def test_the_list_changes_in_place_and_without_a_reload(simulated, dba, sign_in, ask):
    instance = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    backup = ask(instance, "watched-in-the-list", at=timezone.now())
    page = sign_in(dba)
    page.evaluate("window.neverReloaded = true")
    row = page.locator(f"#backup-{backup.pk}")
    expect(row.locator(".status")).to_have_text("Completed", timeout=60_000)
    assert page.evaluate("window.neverReloaded") is True
