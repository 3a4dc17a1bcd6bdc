"""Ways to what a picture shows: each leads the page that it is given."""

import os
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page

Lead = Callable[[Page], object]
ROWS = "table.list tbody"


class MissingSceneError(LookupError):
    """The site has nothing of the kind."""


def at(path: str) -> Lead:
    """To an address."""
    return lambda page: visit(page, path)


def visit(page: Page, path: str) -> None:
    """Open an address."""
    page.goto(path)


def first(path: str, selector: str) -> Lead:
    """To where the first such link of a page leads."""
    return lambda page: follow_first(page, path, selector)


def follow_first(page: Page, path: str, selector: str) -> None:
    """Open the first such link of a page; raises MissingSceneError where there is none."""
    page.goto(find(page, path, selector).first.get_attribute("href") or "/")


def find(page: Page, path: str, selector: str) -> Locator:
    """What a page has of that kind; raises MissingSceneError where it has none."""
    page.goto(path)
    found = page.locator(selector)
    if not found.count():
        raise MissingSceneError(f"{path} has no {selector}")
    return found


def unless_empty(path: str, selector: str) -> Lead:
    """To an address, if it has anything of that kind."""
    return lambda page: find(page, path, selector)


def first_backup(status: str) -> Lead:
    """To the newest backup of a status."""
    return first(f"/backups/?status={status}", f"{ROWS} td > a[href^='/backups/']")


def then(lead: Lead, *steps: Lead) -> Lead:
    """One after the other."""

    def all_of_them(page: Page) -> None:
        for step in (lead, *steps):
            step(page)

    return all_of_them


def on_to(path: str) -> Lead:
    """To an address below the one that is open."""
    return lambda page: visit(page, f"{page.url.partition('?')[0]}{path}")


def press(*keys: str) -> Lead:
    """Keys, one after the other."""

    def strike(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return strike


def fill_in(name: str, value: str) -> Lead:
    """Type into a field of the page."""
    return lambda page: page.locator(f"main [name='{name}']").fill(value)


def send(page: Page) -> None:
    """Press the page's main button."""
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()


def tick(name: str, value: str) -> Lead:
    """Choose one of several."""
    return lambda page: page.locator(f"main [name='{name}'][value='{value}']").check()


def choose_a_team(page: Page) -> None:
    """The first team, and the reader's own account in it."""
    page.locator("main [name='holder']").select_option(index=1)


def type_password(page: Page) -> None:
    """That of every demo account, which who takes the pictures has put in the environment."""
    fill_in("password", os.environ["DEMO_PASSWORD"])(page)


def choose_instances(page: Page) -> None:
    """The first two of the list, and what would happen with them."""
    for index in range(2):
        page.locator(".choice input[type=checkbox]:not(:disabled)").nth(index).check()
    page.locator("#outlook .card").nth(1).wait_for()


def ask_for_a_staging_backup(page: Page) -> None:
    """One that nobody has to agree to: it runs, or waits for the last one."""
    page.goto("/backups/new")
    page.locator(".choice", has_text=re.compile("stag|dev|test")).locator(
        "input:not(:disabled)"
    ).first.check()
    page.locator("#outlook .card").first.wait_for()
    send(page)
    page.locator("#body", has_text="Building").wait_for()


def either(found: Lead, made: Lead) -> Lead:
    """To what is there from an earlier picture, or else by making it."""

    def find_or_make(page: Page) -> None:
        try:
            found(page)
        except MissingSceneError:
            made(page)

    return find_or_make


def try_connection(page: Page) -> None:
    """Test a project's connection to its end."""
    page.locator("#connection button").click()
    page.locator("#connection .steps").wait_for()


def search_for(words: str) -> Lead:
    """Type into the palette and wait for the answer."""

    def ask(page: Page) -> None:
        page.keyboard.type(words)
        page.locator(f"dialog.palette [role=listbox][data-q='{words}'] [role=option]").first.wait_for()

    return ask
