"""The cloud as a whole: its memory, its clock and its habits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backups.simulator import builds, world
from backups.simulator.cast import STAGES
from backups.simulator.clock import Clock
from backups.simulator.orders import Orders
from backups.simulator.store import Store

DAY = 86400.0


@dataclass(frozen=True)
class Habits:
    """What a cloud is started with."""

    seed: str = "1"
    build_seconds: float = 40.0
    history_days: int = 60
    state: Path | None = None


class Cloud:
    """One simulated cloud; every thread works on the same one."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.store = Store(habits.state)
        self.clock = Clock(self.store)
        self.lag_seconds = 0.0
        self.takes_twins = False
        """Whether it takes a name twice, and several backups of an instance at a time."""
        self.orders = Orders()
        self._nights_until = float(self.store.recall("nights.until", "0"))
        self.seed = self.store.recall("seed", habits.seed)
        """What the world is made from: a state keeps its own."""
        if not self.store.recall("seed"):
            self._found()
        self.live_on()

    def _found(self) -> None:
        """Make the world of the seed."""
        now = self.clock.now()
        era = world.Era(now - self.habits.history_days * DAY, now, self.habits.build_seconds)
        with self.store.transaction() as db:
            world.build(db, self.seed, era)
            remembered = [("seed", self.seed), ("nights.until", str(era.since))]
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", remembered)
        self._nights_until = era.since

    def live_on(self) -> None:
        """Take the nightly backups of the time that has passed, once an hour."""
        now = self.clock.now()
        if now - self._nights_until < DAY / 24:
            return
        with self.store.transaction() as db:
            if self._nights_until < now:
                world.add_nights(db, self.seed, world.Era(self._nights_until, now, self.habits.build_seconds))
                db.execute("INSERT OR REPLACE INTO meta VALUES ('nights.until', ?)", (str(now),))
                self._nights_until = now

    @contextmanager
    def settled(self) -> Iterator[tuple[sqlite3.Connection, float]]:
        """A transaction in which every backup is as far as it should be by now, and that now."""
        now = self.clock.now()
        with self.store.transaction() as db:
            builds.settle(db, now)
            yield db, now

    def reset(self) -> None:
        """The world of the seed as it was first, with the same keys; tenants added since are gone."""
        self.clock.reset()
        self.lag_seconds = 0.0
        self.takes_twins = False
        with self.store.transaction() as db:
            first = [world.project_id_of(self.seed, stage) for stage in STAGES]
            marks = ", ".join("?" for _ in first)
            for table in ("backups", "instances", "tokens", "meta"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            db.execute(f"DELETE FROM projects WHERE id NOT IN ({marks})", first)  # noqa: S608 - marks only
            db.execute(
                f"DELETE FROM access_keys WHERE security_token IS NOT NULL OR project_id NOT IN ({marks})",  # noqa: S608
                first,
            )
            db.execute("UPDATE access_keys SET failures = 0, locked_until = 0")
        self._found()
        self.live_on()

    def close(self) -> None:
        """Leave the state whole."""
        self.store.close()
