"""The cloud's words for the state of a backup and of an instance (contract.md)."""

BUILDING = "BUILDING"
COMPLETED = "COMPLETED"
FAILED = "FAILED"
AVAILABLE = "AVAILABLE"
DELETING = "DELETING"

SUCCESSFUL = frozenset({COMPLETED, AVAILABLE})
KNOWN = frozenset({BUILDING, COMPLETED, FAILED, AVAILABLE, DELETING})

_INSTANCE_AVAILABLE = frozenset({"normal", "available", "active"})


def instance_is_available(raw_status: str | None) -> bool:
    """Whether an instance in `raw_status` takes a backup; sites spell the good word differently."""
    return (raw_status or "").strip().lower() in _INSTANCE_AVAILABLE
