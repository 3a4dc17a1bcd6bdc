"""What a run will do, drawn from its seed before it begins."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

DEADLINE_SECONDS = 2
LEASE_MARGIN_SECONDS = 1
LIST_LAG_SECONDS = 4
LATE_SECONDS = DEADLINE_SECONDS + 1
HORIZON_SECONDS = 12
"""Longer than the deadline, the longest pause, the latest application and the list's lag together."""

PACE = {
    "CLOUD_DEADLINE_SECONDS": str(DEADLINE_SECONDS),
    "LEASE_MARGIN_SECONDS": str(LEASE_MARGIN_SECONDS),
    "SETTLE_HORIZON_SECONDS": str(HORIZON_SECONDS),
    "CLOUD_CALLS_PER_SECOND": "100",
}

SERVER_FAILURES = (500, 502, 503, 504)
MISHAPS: tuple[dict[str, Any], ...] = (
    {"at": "received", "action": "drop"},
    {"at": "applied", "action": "drop"},
    {"at": "received", "action": "reset"},
    {"at": "applied", "action": "reset"},
    *({"at": "received", "action": "status", "status": status} for status in SERVER_FAILURES),
    *({"at": "applied", "action": "status", "status": status} for status in SERVER_FAILURES),
    {"at": "received", "action": "delay", "seconds": LATE_SECONDS},
    {"at": "applied", "action": "delay", "seconds": LATE_SECONDS},
    {"at": "reply", "action": "half"},
    {"at": "applied", "action": "body", "body": "<html>Welcome</html>"},
    {"at": "applied", "action": "body", "body": '{"backup": {"name": "nameless"}}'},
    {"at": "received", "action": "status", "status": 429, "headers": {"Retry-After": "1"}},
    {"at": "received", "action": "status", "status": 409, "code": "DBS.200019"},
)  # fmt: skip
HELD = ({"at": "received", "action": "hold"}, {"at": "applied", "action": "hold"})
LIST_MISHAPS: tuple[dict[str, Any], ...] = (
    {"at": "received", "action": "status", "status": 500, "every": 19},
    {"at": "applied", "action": "drop", "every": 23},
    {"at": "reply", "action": "half", "every": 29},
)
"""By calls and not by time: at the end, when hardly anybody calls, most lists must come through."""


@dataclass(frozen=True, slots=True)
class Click:
    """One request of a person, and what goes wrong with its call."""

    name: str
    place: int
    token: UUID
    mishap: dict[str, Any] | None
    is_double: bool


@dataclass(frozen=True)
class Plan:
    """A run of so many requests over so many instances."""

    seed: int
    requests: int
    projects: int
    instances_each: int
    mishap_share: float = 0.35
    kills: int = 8
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chance", random.Random(self.seed))

    def clicks(self) -> Iterator[Click]:
        """The requests, in their order; `place` is the instance's number."""
        held = set(self.chance.sample(range(self.requests), min(self.kills, self.requests)))
        for number in range(self.requests):
            yield Click(
                name=f"chaos-{number:05d}",
                place=number % (self.projects * self.instances_each),
                token=UUID(int=self.chance.getrandbits(128), version=4),
                mishap=self._mishap(is_held=number in held),
                is_double=self.chance.random() < 0.1,
            )

    def _mishap(self, *, is_held: bool) -> dict[str, Any] | None:
        if is_held:
            return self.chance.choice(HELD)
        return self.chance.choice(MISHAPS) if self.chance.random() < self.mishap_share else None
