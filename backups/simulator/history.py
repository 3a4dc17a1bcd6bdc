"""What was called: the truth that a test compares with, kept in memory."""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from backups.simulator.calls import Call


@dataclass
class Entry:
    """One call and what became of it."""

    id: str
    at: float
    operation: str
    method: str
    target: str
    caller: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    """Of the reply that was meant to go out."""
    error_code: str = ""
    is_applied: bool = False
    """Whether the cloud did what was asked, whatever it replied."""
    outcome: str = "pending"
    """pending, replied, half, dropped, reset, gone (the caller hung up), abandoned (the world was reset)."""


class History:
    """Every call since the start or the reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []

    def begin(self, call: Call, at: float) -> Entry:
        """Note a call that came in; bodies of sign-ins hold passwords and are not kept."""
        fields = {} if call.operation == "sign_in" else call.fields()
        entry = Entry(
            call.id, at, call.operation, call.method, call.target, fields=fields, parameters=call.parameters
        )
        with self._lock:
            self._entries.append(entry)
        return entry

    def told(self) -> list[dict[str, Any]]:
        """All calls, oldest first."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def reset(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._entries = []
