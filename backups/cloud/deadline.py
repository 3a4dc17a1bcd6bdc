"""A point in time by which a call must be over, whatever the other side does."""

import time
from collections.abc import Callable

Clock = Callable[[], float]


class DeadlinePassedError(TimeoutError):
    """The time of the whole call is used up."""


class Deadline:
    """Hands out the time that remains; raises once there is none."""

    def __init__(self, seconds: float, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """The seconds that are left, none or less at the end."""
        return self._end - self._clock()

    def remaining(self, *, at_most: float | None = None) -> float:
        """The seconds that remain, at most `at_most`; raises `DeadlinePassedError` at the end."""
        seconds = self.left()
        if seconds <= 0:
            raise DeadlinePassedError("the time of the call is used up")
        return seconds if at_most is None else min(seconds, at_most)
