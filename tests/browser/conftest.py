"""A real browser on the real stack."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from backups.models import User
from tests.fixtures.cast import PASSWORD
from tests.fixtures.lasting import wait_until_idle
from tests.fixtures.processes import Start

# Playwright's own loop must not make Django think that it runs inside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium")
    assert program, "Chromium is needed: apt-get install chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*quiet, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def web(process_environment, lasting_web) -> Iterator[Start]:
    """The web server that the browser's tests share."""
    yield lasting_web
    wait_until_idle()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A tab that fails its test when a script fails or the content policy is broken; its site outlives it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    yield tab
    context.close()
    # A page that is left takes its open question with it; htmx tells so as an error.
    expected = ("422", "404", "403", "htmx:afterRequest", "htmx:sendAbort")
    assert not [text for text in wrong if not any(code in text for code in expected)]


@pytest.fixture
def site(live_stack) -> str:
    """Where the pages are; a module that needs no worker overrides it with the web server alone."""
    return live_stack.url


@pytest.fixture
def sign_in(page: Page, site: str) -> SignIn:
    """Sign somebody in, to the backups or another page: `sign_in(dba, to="/")`."""

    def sign_in_as(person: User, to: str = "/backups/") -> Page:
        page.goto(f"{site}/sign-in/?next={to}")
        page.get_by_label("Username").fill(person.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{site}{to}")
        return page

    return sign_in_as
