"""Our own pace, below the cloud's: one token bucket per credential (contract.md, "Errors")."""

import threading
import time
from collections.abc import Callable

DEFAULT_CALLS_PER_SECOND = 5.0


class TokenBucket:
    """Lets `rate_per_second` calls through, and as many at once after a quiet second. Thread-safe."""

    def __init__(
        self,
        rate_per_second: float = DEFAULT_CALLS_PER_SECOND,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if rate_per_second <= 0:
            raise ValueError("a rate is greater than zero")
        self._rate = rate_per_second
        self._burst = max(rate_per_second, 1.0)
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = self._burst
        self._counted_at = clock()

    def take(self, *, within_seconds: float) -> bool:
        """Wait for one's turn; False, at once and with nothing taken, where it would come too late."""
        with self._lock:
            wait = self._wait()
            if wait > within_seconds:
                return False
            self._tokens -= 1.0
        if wait > 0:
            self._sleep(wait)
        return True

    def _wait(self) -> float:
        now = self._clock()
        earned = (now - self._counted_at) * self._rate
        self._tokens = min(self._burst, self._tokens + earned)
        self._counted_at = now
        return max(0.0, (1.0 - self._tokens) / self._rate)
