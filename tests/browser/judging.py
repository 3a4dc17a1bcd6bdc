"""What axe and the width of the window say of a page.

A page is judged in the look in which it was loaded: one whose look was changed shows both for a while.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
OUT_OF_SIGHT = """() => [...document.querySelectorAll("[aria-current=page]")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, place]) => place.left < -1 || place.right > innerWidth + 1)
  .map(([words]) => words)"""
"""Of bars that are wider than the window, the words of where one is that the window does not show."""
RULES: dict[str, dict[str, Any]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Of the dark look only its colours are new: judging these alone takes a tenth of the time."""


def choose(page: Page, theme: Any) -> None:
    """Have pages that are loaded from now on light or dark."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def found_on(page: Page, theme: str = "light") -> list[str]:
    """What is wrong with the open page, which was loaded in this look."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], **RULES[theme]}
    violations = page.evaluate("(options) => axe.run(document, options)", asked)["violations"]
    wrong = [
        f"{page.url}: {each['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in violations
        for node in each["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{page.url}: wider than the window")
    wrong += [f"{page.url}: {each}, where one is, is out of sight" for each in page.evaluate(OUT_OF_SIGHT)]
    return wrong
