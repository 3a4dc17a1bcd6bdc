"""What Lighthouse says of the main pages, signed in, on a demo of its own: `make lighthouse`.

    python -m tests.lighthouse.measure
    python -m tests.lighthouse.measure --site http://localhost:8000 --password ...

As Lighthouse measures by itself: a phone with a slow network. Of several runs of a page the middle
one counts. Fails below `GOALS`, and says which audits cost the points.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from deploy.choices import REPOSITORY
from tests.browser.own_site import Site, own_site
from tests.browser.screenshots import sign_in

PROGRAM = REPOSITORY / "tests/lighthouse/node_modules/.bin/lighthouse"
PAGES = {"overview": "/", "history": "/backups/", "create": "/backups/new"}
SIGN_IN = "/sign-in/"
TRIES = 3
GOALS = {"performance": 95, "accessibility": 95, "best-practices": 100}


def main() -> int:
    """Measure, and print a table; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", help="a running one, instead of one of its own")
    parser.add_argument("--username", default="admin")
    parser.add_argument("--password", default="")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    running = nullcontext(Site(asked.site, asked.password)) if asked.site else own_site()
    with running as site, tempfile.TemporaryDirectory() as folder:
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": session_cookies(site, asked.username)}))
        told = {
            name: [measure(site.url + path, headers) for _ in range(asked.runs)]
            for name, path in PAGES.items()
        }
    print(f"{'':<10}" + "".join(f"{goal:>16}" for goal in GOALS) + f"{'kB on the wire':>16}")
    missed = [line for name, reports in told.items() for line in tell(name, reports)]
    print("\n".join(missed))
    return 1 if missed else 0


def session_cookies(site: Site, username: str) -> str:
    """What a signed-in browser sends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(base_url=site.url).new_page()
        sign_in(page, username, site.password)
        cookies = page.context.cookies()
        browser.close()
    return "; ".join(f"{cookie.get('name')}={cookie.get('value')}" for cookie in cookies)


def measure(address: str, headers: Path) -> dict[str, Any]:
    """One report; a browser that did not come up on a busy machine is started again."""
    command = [
        str(PROGRAM),
        address,
        *("--quiet", "--output=json", f"--extra-headers={headers}"),
        f"--only-categories={','.join(GOALS)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(done.stdout)
            if SIGN_IN in report["finalDisplayedUrl"]:
                sys.exit(f"{address} led to signing in: nobody is signed in.")
            return report
    sys.exit(f"Lighthouse did not measure {address}: {done.stderr.strip()[-1000:]}")


def tell(name: str, reports: list[dict[str, Any]]) -> list[str]:
    """Print the line of a page; what is below its goal, with the audits that cost most."""
    missed = []
    line = f"{name:<10}"
    for category, goal in GOALS.items():
        score = statistics.median(round(100 * report["categories"][category]["score"]) for report in reports)
        line += f"{score:>16.0f}"
        if score < goal:
            missed.append(
                f"{name}: {category} {score:.0f}, below {goal}: {', '.join(costly(reports[0], category))}"
            )
    size = reports[0]["audits"]["total-byte-weight"]["numericValue"] / 1000
    print(f"{line}{size:>16.1f}")
    return missed


def costly(report: dict[str, Any], category: str) -> list[str]:
    """The audits that count in a category and are not passed."""
    counted = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    return [name for name in counted if (report["audits"][name]["score"] or 0) < 1]


if __name__ == "__main__":
    sys.exit(main())
