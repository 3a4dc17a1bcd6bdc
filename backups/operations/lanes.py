"""One pace for all processes: the calls of a credential, counted and queued in the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.conf import settings
from django.db import Error, connection

from backups import cloud

LANES = 4
"""Calls of a credential at a time: fewer than the five failures that lock a key (contract.md)."""

LOOK_SECONDS = 0.05


class Lanes:
    """The throttle of one credential; implements `cloud.Throttle`.

    Turns are handed out at `CLOUD_CALLS_PER_SECOND`, after a quiet second so many at once. The place in
    time is kept in the credential's row. Whoever calls holds one of `LANES` advisory locks, which a
    killed process gives up by itself, until the outcome is noted: a key that fails is then known to all
    who still wait for a lane.
    """

    def __init__(self, credential_pk: UUID) -> None:
        self._pk = credential_pk

    @contextmanager
    def turn(self, *, within_seconds: float) -> Iterator[None]:
        """Wait for a turn; raises `cloud.NotOurTurn` where it would come too late."""
        self._take_turn(within_seconds)
        yield

    @contextmanager
    def lane(self, *, within_seconds: float) -> Iterator[None]:
        """Wait for a free lane and keep it; raises `cloud.NotOurTurn` where none becomes free in time."""
        lane = self._take_lane(time.monotonic() + within_seconds)
        try:
            yield
        finally:
            # A database that is gone has given the lane up already.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [self.key, lane])

    def pause(self, seconds: float) -> None:
        """Let no further call of this credential begin for so long: the cloud asked for it."""
        with connection.cursor() as cursor:
            cursor.execute(PAUSE, {"pk": self._pk, "seconds": seconds, **_pace()})

    def _take_turn(self, within_seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TAKE_TURN, {"pk": self._pk, "within": within_seconds, **_pace()})
            turns = [float(seconds) for (seconds,) in cursor.fetchall()]
        if not turns:
            raise cloud.NotOurTurn("our own limit of calls per second")
        time.sleep(max(0.0, *turns))

    def _take_lane(self, ends: float) -> int:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(TAKE_LANE, [LANES, self.key])
                lanes = [int(lane) for (lane,) in cursor.fetchall()]
            if lanes:
                return min(lanes)
            if time.monotonic() >= ends:
                raise cloud.NotOurTurn("all calls that may run at a time are still running")
            time.sleep(LOOK_SECONDS)

    @property
    def key(self) -> int:
        """The first half of its advisory locks' numbers; the second is the lane's."""
        return self._pk.int % 2**31


def _pace() -> dict[str, float]:
    rate = settings.CLOUD_CALLS_PER_SECOND
    return {"gap": 1 / rate, "burst": max(rate, 1.0) / rate}


# The generic cell rate algorithm: `calls_until` is where the calls so far reach at an even pace.
TAKE_TURN = """
UPDATE backups_credential
SET calls_until = greatest(calls_until, clock_timestamp()) + make_interval(secs => %(gap)s)
WHERE id = %(pk)s
  AND greatest(calls_until, clock_timestamp()) + make_interval(secs => %(gap)s - %(burst)s - %(within)s)
      <= clock_timestamp()
RETURNING extract(epoch FROM calls_until - clock_timestamp()) - %(burst)s
"""
PAUSE = """
UPDATE backups_credential
SET calls_until = greatest(calls_until, clock_timestamp() + make_interval(secs => %(seconds)s + %(burst)s))
WHERE id = %(pk)s
"""
TAKE_LANE = """
SELECT lane FROM generate_series(1, %s) AS lane WHERE pg_try_advisory_lock(%s, lane) LIMIT 1
"""
