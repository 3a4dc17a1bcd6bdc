"""What axe and the width of the window say of a page, in both looks."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1440, 390)
COLOURS = {"runOnly": ["color-contrast"]}
DRAWN = """
(theme) => new Promise((done) => {
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done()));
  const asked = matchMedia(`(prefers-color-scheme: ${theme})`);
  if (asked.matches) drawn();
  else asked.addEventListener("change", drawn, { once: true });
})
"""


def found_in_both_looks(page: Page) -> list[str]:
    """What is wrong with the open page, light and dark: of the dark look only its colours are new."""
    look(page, "light")
    wrong = found_on(page)
    look(page, "dark")
    wrong += found_on(page, COLOURS)
    look(page, "light")
    return wrong


def look(page: Page, theme: Any) -> None:
    """Have the page drawn light or dark; a page that still changes is misjudged."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_load_state()
    page.evaluate(DRAWN, theme)


def found_on(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """What is wrong with the open page as it looks now."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], **(options or {})}
    violations = page.evaluate("(options) => axe.run(document, options)", asked)["violations"]
    wrong = [
        f"{page.url}: {each['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in violations
        for node in each["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{page.url}: wider than the window")
    return wrong
