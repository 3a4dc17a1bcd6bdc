"""Our own pace, below the cloud's (contract.md, "Errors"); kept by whoever knows all who call."""

from contextlib import AbstractContextManager
from typing import Protocol


class Throttle(Protocol):
    """Lets the calls of one credential through at their pace, and only so many at a time."""

    def turn(self, *, within_seconds: float) -> AbstractContextManager[None]:
        """Wait for one's turn and keep it for the call; raises `NotOurTurn` where it would come too late."""
