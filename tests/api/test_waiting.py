"""Many who wait leave room for those who only want a page."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from tests.fixtures.callers import token_of

CALLERS = 30
PATIENCE = 20


@pytest.mark.django_db(transaction=True)
def test_pages_are_served_while_more_callers_wait_than_there_are_threads(web, dba, payments, orders, ask):
    backup, site = ask(orders, "queued-for-long"), web(WEB_WORKERS="1")
    headers = {"authorization": f"Bearer {token_of(dba, payments)}"}
    pool = urllib3.PoolManager(maxsize=CALLERS, retries=False, timeout=PATIENCE)
    address = f"{site.url}/api/v1/backups/{backup.pk}/?wait=10"
    with ThreadPoolExecutor(CALLERS) as callers:
        waits = [callers.submit(pool.request, "GET", address, headers=headers) for _ in range(CALLERS)]
        time.sleep(1)
        asked = time.monotonic()
        assert pool.request("GET", f"{site.url}/sign-in/").status == 200
        assert time.monotonic() - asked < 2
    assert {wait.result().status for wait in waits} == {200}
