"""Ids by which a page knows what came in after it was read."""

import time

from backups.models import Backup

MADE_AT = 80
"""The first 48 of 128 bits are the moment, in milliseconds (RFC 9562)."""


def test_an_id_tells_when_it_was_made_however_many_are_made_at_once():
    ids = [Backup().pk for _ in range(3000)]
    ended_at = time.time_ns() // 10**6
    assert ids == sorted(ids)
    assert max(each.int >> MADE_AT for each in ids) <= ended_at
