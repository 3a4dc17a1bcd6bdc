"""How many calls a token may make in a minute; each reply says how many are left (security.md, row 21).

Counted in Redis, by all web processes together. Where Redis does not answer, calls pass: what is safe does
not hang on it, and what waits for it would be worse than a minute without a limit.
"""

import time
from dataclasses import dataclass
from threading import Lock

import redis
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from backups.models import ApiToken, KeyPair

logger = structlog.get_logger(__name__)

WINDOW_SECONDS = 60
PATIENCE_SECONDS = 0.5
SILENCE_SECONDS = 5.0


@dataclass(slots=True)
class Allowance:
    """What is left of a minute. `reset`: seconds until the next."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft of RateLimit header fields had it, which clients know."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.remaining, 0)),
            "RateLimit-Reset": str(self.reset),
        }


class TokenThrottle(BaseThrottle):
    """So many calls a minute for each token and key pair; the tokens of a pair count as the pair."""

    def __init__(self) -> None:
        self.allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the call; whether it is within the limit."""
        access = getattr(request.auth, "access", request.auth)
        if not isinstance(access, ApiToken | KeyPair):
            return True
        limit: int = settings.API_CALLS_PER_MINUTE
        left = WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS
        counted = getattr(access, "key_pair_id", None) or access.pk
        count = _counter.add(f"api:{counted}:{int(time.time()) // WINDOW_SECONDS}")
        self.allowance = Allowance(limit, limit - count, left)
        request._request.allowance = self.allowance  # type: ignore[attr-defined]
        return count <= limit

    def wait(self) -> float | None:
        """Seconds until calls pass again."""
        return float(self.allowance.reset) if self.allowance else None


class _Counter:
    """Counts in Redis; leaves one that did not answer alone for a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._redis: redis.Redis | None = None
        self._silent_until = 0.0

    def add(self, key: str) -> int:
        """One more under `key`; how many there are, 0 where nobody counts."""
        if time.monotonic() < self._silent_until:
            return 0
        try:
            with self._client().pipeline() as pipe:
                pipe.incr(key)
                pipe.expire(key, 2 * WINDOW_SECONDS)
                return int(pipe.execute()[0])
        except redis.RedisError as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            logger.warning("calls are not counted", error=type(error).__name__)
            return 0

    def _client(self) -> redis.Redis:
        """One for all threads: a second would take the first's place, whose end cuts off who counts by it."""
        with self._lock:
            if self._redis is None:
                self._redis = redis.Redis.from_url(
                    settings.REDIS_URL,
                    socket_timeout=PATIENCE_SECONDS,
                    socket_connect_timeout=PATIENCE_SECONDS,
                )
            return self._redis


_counter = _Counter()
