"""Browsers and proxies keep their connections open while they ask nothing."""

import resource
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import urllib3

HELD = 1_500


@pytest.fixture
def _may_open_many():
    """1,024 files are what many systems give a process at first."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 2 * HELD), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("_may_open_many")
def test_a_page_opens_while_1500_connections_are_held_by_others(web):
    site = web()
    address = urlsplit(site.url)
    with ExitStack() as held:
        for _ in range(HELD):
            held.enter_context(socket.create_connection((address.hostname, address.port), timeout=5))
        for _ in range(20):  # whichever process takes it
            answer = urllib3.request("GET", f"{site.url}/healthz", timeout=5, retries=False)
            assert answer.status == 200
