"""How long a backup takes, how large it becomes, and when it is done."""

import math
import random
import sqlite3
from uuid import UUID

from backups.simulator.cast import MEDIAN_USED_GB

GROWTH = 0.75
"""Twice the data takes less than twice as long: part of a backup's time is its start."""


def seconds_for(used_gb: float, build_seconds: float) -> float:
    """How long a full backup takes; the median instance's takes the build seconds."""
    share = max(0.05, math.pow(used_gb / MEDIAN_USED_GB, GROWTH))
    return build_seconds * share


def size_mb(used_gb: float, chance: random.Random) -> float:
    """How large a full backup becomes."""
    return round(used_gb * 1024 * chance.uniform(0.36, 0.42), 2)


def identifier(chance: random.Random | None = None) -> str:
    """A UUID: from the seed's chance, or unforeseen."""
    bits = (chance or random.SystemRandom()).getrandbits(128)
    return str(UUID(int=bits, version=4))


def settle(db: sqlite3.Connection, now: float) -> None:
    """Complete the backups whose time has come."""
    db.execute("UPDATE backups SET status = 'COMPLETED' WHERE status = 'BUILDING' AND end_at <= ?", (now,))


def process(row: sqlite3.Row, now: float) -> str:
    """How far a backup under way is, such as 60%; one without an end stays where it is."""
    if row["end_at"] is None:
        return "50%"
    share = (now - row["begin_at"]) / max(row["end_at"] - row["begin_at"], 0.001)
    return f"{max(1, min(99, int(share * 100)))}%"
