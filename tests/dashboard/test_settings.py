"""The settings of a production site."""

import os
import subprocess
import sys

import pytest

from deploy.choices import REPOSITORY

PRODUCTION = {"SITE_URL": "https://safepoint.example.com", "ALLOWED_HOSTS": "safepoint.example.com"}


def run_check(**environ: str) -> subprocess.CompletedProcess[str]:
    # Browser tests of the same process set the one that is left out, for themselves.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=REPOSITORY,
        env={**inherited, **PRODUCTION, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_production_site_passes_every_deployment_check():
    done = run_check()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "System check identified no issues (0 silenced)."


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"DEBUG": "yes"}, "DEBUG"),
        ({"SITE_URL": "http://safepoint.example.com"}, "HSTS"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"CREDENTIAL_KEYS": "short"}, "CREDENTIAL_KEYS"),
    ],
)
def test_the_deployment_check_can_fail(wrong, told):
    done = run_check(**wrong)
    assert done.returncode == 1
    assert told in done.stderr


def test_every_page_carries_the_headers_that_guard_it(client, db):
    reply = client.get("/sign-in/", follow=True)
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["Referrer-Policy"] == "same-origin"
