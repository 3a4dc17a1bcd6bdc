"""Pictures of every page of a running site, light and dark, wide and narrow, to be looked at.

    python -m tests.browser.screenshots http://localhost:8000 FOLDER --username admin --password ...

A demo site shows most; the first backup of each status that the site has is opened.
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

Theme = Literal["light", "dark"]
SIZES = {"1440": ViewportSize(width=1440, height=900), "390": ViewportSize(width=390, height=844)}
THEMES: tuple[Theme, ...] = ("light", "dark")
STATUSES = ("QUEUED", "UNCONFIRMED", "BUILDING", "COMPLETED", "FAILED", "CANCELLED", "VANISHED")
PAGES = {
    "backups": "/backups/",
    "backups-none": "/backups/?q=no-such-name",
    "backups-filtered": "/backups/?status=FAILED&status=COMPLETED&environment=production&sort=-size",
    "backups-unread": "/backups/?instance=no-such-instance&since=yesterday",
    "backup-new": "/backups/new",
    "instances": "/instances/",
    "projects": "/projects/",
    "approvals": "/approvals/",
    "members": "/teams/payments/members/",
    "policies": "/teams/payments/policies/",
    "policy-new": "/teams/payments/policies/new",
    "proposals": "/teams/payments/proposals/",
    "channels": "/teams/payments/channels/",
    "deputies": "/account/deputies/",
    "audit": "/audit/",
    "audit-none": "/audit/?verb=vanished&person=-&last_day=2000-01-01",
    "project-new": "/projects/new",
    "not-found": "/nowhere",
}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--username", default="admin")
    parser.add_argument("--password", required=True)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size in SIZES:
            for theme in THEMES:
                shoot(browser, asked, size, theme)
        browser.close()


def shoot(browser: Browser, asked: argparse.Namespace, size: str, theme: Theme) -> None:
    """Every page in one size and one theme."""
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, base_url=asked.site)
    page = context.new_page()
    for name in scenes(page, asked):
        page.wait_for_timeout(150)
        page.screenshot(path=asked.folder / f"{name}-{size}-{theme}.png", full_page=True, clip=whole(page))
        if wide := page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            print(f"{name} at {size}: {wide} px wider than the window")
    context.close()


def whole(page: Page) -> FloatRect:
    """The whole page, but not more of a long list than anybody looks at."""
    tall = page.evaluate("document.documentElement.scrollHeight")
    return {"x": 0, "y": 0, "width": page.evaluate("innerWidth"), "height": min(tall, 2600)}


def scenes(page: Page, asked: argparse.Namespace) -> Iterator[str]:
    """Lead the page from scene to scene; the name of each."""
    yield from signing_in(page, asked)
    for name, path in PAGES.items():
        page.goto(path)
        yield name
    for status in STATUSES:
        page.goto(f"/backups/?status={status}")
        if follow_first(page, "td > a[href^='/backups/']"):
            yield f"backup-{status.lower()}"
    page.goto("/instances/")
    if follow_first(page, "td a[href^='/instances/']"):
        yield "instance"
    page.goto("/projects/")
    if follow_first(page, "a[href^='/teams/']"):
        yield "team"
    yield from on_a_project(page)
    yield from a_wrong_form(page)
    page.goto("/backups/")
    page.keyboard.press("?")
    yield "keys"


def signing_in(page: Page, asked: argparse.Namespace) -> Iterator[str]:
    """The first page that anybody sees, and a wrong password on it."""
    for name, password in (("sign-in", ""), ("sign-in-wrong", "wrong"), ("", asked.password)):
        page.goto("/sign-in/")
        if password:
            page.locator("[name=username]").fill(asked.username)
            page.locator("[name=password]").fill(password)
            page.locator("main form button").click()
        if name:
            yield name


def on_a_project(page: Page) -> Iterator[str]:
    """A project, its connection tested, and its form."""
    page.goto("/projects/")
    if follow_first(page, "td a[href^='/projects/']"):
        yield "project"
        home = page.url
        if page.locator("#connection button").count():
            page.locator("#connection button").click()
            page.locator("#connection .steps").wait_for()
            yield "project-tested"
        page.goto(f"{home}edit")
        yield "project-edit"


def a_wrong_form(page: Page) -> Iterator[str]:
    """The request form with two instances chosen, then sent with a wrong name."""
    page.goto("/backups/new")
    boxes = page.locator("input[type=checkbox]")
    for index in range(min(2, boxes.count())):
        boxes.nth(index).check()
    page.wait_for_timeout(600)
    yield "backup-new-chosen"
    page.locator("[name=name]").fill("1st backup!")
    page.locator("main form button.primary").click()
    page.wait_for_load_state()
    yield "backup-new-wrong"


def follow_first(page: Page, selector: str) -> bool:
    """Open the first such link, if there is one."""
    links = page.locator(selector)
    if not links.count():
        return False
    page.goto(links.first.get_attribute("href") or "/")
    return True


if __name__ == "__main__":
    main()
