"""What is live changes in place: no page moves under the reader's hand."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backups.models import Instance

# What moved without the reader having touched anything just before.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    // A word that is told anew a few pixels beside where it was is nothing that anybody sees move.
    if (shift.hadRecentInput || shift.value < 0.0005) continue;
    const where = (rect) => `${rect.x},${rect.y} ${rect.width}x${rect.height}`;
    const what = shift.sources.map(({ node, previousRect, currentRect }) =>
      `${node?.nodeName} "${node?.textContent?.trim()}" ${where(previousRect)} -> ${where(currentRect)}`);
    window.moved.push(`${shift.value.toFixed(4)}: ${what.join("; ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""

# A part that is replaced as a whole shifts nothing in that sense: where a heading stands tells more.
FOLLOW = """
window.tops = [];
(function look() {
  const place = document.getElementById("timeline-title")?.getBoundingClientRect().top;
  if (place !== undefined && place !== window.tops.at(-1)) window.tops.push(place);
  requestAnimationFrame(look);
})();
"""


@pytest.fixture
def backup(simulated, ask):
    """One that runs while the reader looks."""
    instance = Instance.objects.filter(project=simulated, status="normal").order_by("name")[0]
    return ask(instance, "watched-as-it-runs", at=timezone.now())


def moved(page: Page) -> list[str]:
    return page.evaluate("window.moved")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_stays_where_it_is_while_a_backup_runs(backup, dba, page, sign_in, width):
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(dba)
    row = page.locator(f"#backup-{backup.pk}")
    expect(row.locator(".status")).to_have_text("Completed", timeout=60_000)
    page.wait_for_timeout(500)
    assert not moved(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_backups_page_stays_where_it_is_from_queued_to_completed(backup, dba, page, sign_in, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(dba)
    page.add_init_script(WATCH)
    page.add_init_script(FOLLOW)
    page.goto(f"{site}/backups/{backup.pk}/")
    expect(page.locator("h1 + p .status")).to_have_text("Completed", timeout=60_000)
    page.wait_for_timeout(500)
    assert not moved(page)
    assert len(page.evaluate("window.tops")) == 1
