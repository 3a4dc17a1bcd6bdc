"""An IAM user's token, and where it is kept between calls."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from backups.secrecy.secret import Secret

RENEW_BEFORE_END = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the sign-in service and the moment it ends."""

    value: Secret
    expires_at: datetime

    def is_fresh(self, at: datetime) -> bool:
        """Whether it still lasts a while at `at`."""
        return at < self.expires_at - RENEW_BEFORE_END


class TokenKeeper(Protocol):
    """Keeps one credential's token for whoever calls with that credential."""

    def load(self) -> Token | None:
        """The token that is kept, or None."""

    def store(self, token: Token | None) -> None:
        """Keep `token`, or forget the one that is kept."""

    def renewing(self) -> AbstractContextManager[None]:
        """Mutual exclusion of all who renew this credential's token."""


class MemoryKeeper:
    """Keeps a token within this process."""

    def __init__(self) -> None:
        self._token: Token | None = None
        self._lock = threading.Lock()

    def load(self) -> Token | None:
        """The token that is kept, or None."""
        return self._token

    def store(self, token: Token | None) -> None:
        """Keep `token`, or forget the one that is kept."""
        self._token = token

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Mutual exclusion of this process's threads."""
        with self._lock:
            yield
