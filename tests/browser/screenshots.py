"""Pictures of every page, light and dark, wide and narrow, to be looked at: `make screenshots`.

    python -m tests.browser.screenshots docs/screenshots
    python -m tests.browser.screenshots FOLDER --site http://localhost:8000 --password ...

Without `--site` it starts a demo of its own and stops it again. It fails where a scene
cannot be reached, or a page is wider than its window.
"""

import argparse
import base64
import os
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from tests.browser.own_site import Site, own_site
from tests.browser.scene import Scene
from tests.browser.scenes import SCENES
from tests.browser.ways import MissingSceneError

Theme = Literal["light", "dark"]
SIZES = {"1440": ViewportSize(width=1440, height=900), "390": ViewportSize(width=390, height=844)}
THEMES: tuple[Theme, ...] = ("light", "dark")
TALLEST = 2600  # of a long list nobody looks at more
QUALITY = 72


def main() -> int:
    """Take the pictures; 1 where one is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--site", help="a running one, instead of one of its own")
    parser.add_argument("--password", default="")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    running = nullcontext(Site(asked.site, asked.password)) if asked.site else own_site()
    with running as site, sync_playwright() as playwright:
        os.environ["DEMO_PASSWORD"] = site.password  # asked for once more by some of the pages
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        wrong = [
            problem
            for size in SIZES
            for theme in THEMES
            for problem in shoot(browser, site, asked.folder, size, theme)
        ]
        browser.close()
    megabytes = sum(file.stat().st_size for file in asked.folder.glob("*.webp")) / 1024**2
    print("\n".join([*wrong, f"{len(SCENES) * 4 - len(wrong)} pictures, {megabytes:.1f} MB: {asked.folder}"]))
    return 1 if wrong else 0


def shoot(browser: Browser, site: Site, folder: Path, size: str, theme: Theme) -> list[str]:
    """Every scene in one size and one theme; what went wrong."""
    pages: dict[str, Page] = {}
    wrong = []
    for scene in SCENES:
        if scene.reader not in pages:
            pages[scene.reader] = open_page(browser, site, scene.reader, size, theme)
        page = pages[scene.reader]
        try:
            scene.lead(page)
        except (MissingSceneError, Error) as missing:
            wrong.append(f"{scene.name} at {size}, {theme}: {missing}")
            continue
        take(page, scene, folder / f"{scene.name}-{size}-{theme}.webp")
        if wide := page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            wrong.append(f"{scene.name} at {size}, {theme}: {wide} px wider than the window")
    for page in pages.values():
        page.context.close()
    return wrong


def open_page(browser: Browser, site: Site, username: str, size: str, theme: Theme) -> Page:
    """A window of somebody's own, signed in if it is anybody's."""
    page = browser.new_context(
        viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", base_url=site.url, locale="en-GB"
    ).new_page()
    if username:
        sign_in(page, username, site.password)
    return page


def sign_in(page: Page, username: str, password: str) -> None:
    """Through the form, as everybody does."""
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)


def take(page: Page, scene: Scene, file: Path) -> None:
    """One picture, as WebP: a fourth of what a PNG takes, and Playwright itself cannot make it."""
    if scene.is_whole:
        page.evaluate("scrollTo(0, 0)")  # what is fixed over the window belongs to the top
    page.wait_for_timeout(200)
    width, seen, tall = page.evaluate("[innerWidth, innerHeight, document.documentElement.scrollHeight]")
    height = min(max(tall, seen), TALLEST) if scene.is_whole else seen
    told = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    picture = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "clip": told, "captureBeyondViewport": scene.is_whole},
    )
    file.write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    sys.exit(main())
