"""Counting calls: many at once, from the first one on."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from backups.api import throttling

CALLERS = 8


def test_the_first_calls_of_a_process_share_one_connection_pool(monkeypatch: pytest.MonkeyPatch):
    connect, made = redis.Redis.from_url, []

    def connect_slowly(*args: Any, **options: Any) -> redis.Redis:
        time.sleep(0.05)
        made.append(connect(*args, **options))
        return made[-1]

    monkeypatch.setattr(redis.Redis, "from_url", connect_slowly)
    counter, key = throttling._Counter(), f"test:{time.time()}"
    with ThreadPoolExecutor(CALLERS) as callers:
        counts = list(callers.map(counter.add, [key] * CALLERS))
    assert sorted(counts) == [*range(1, CALLERS + 1)]
    assert len(made) == 1
