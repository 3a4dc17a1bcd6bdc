"""What the cloud remembers: one SQLite database, in a file or in memory."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = 1

# A page of a list, and how many there are in all, are read from an index alone: some have tens of thousands.
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS projects (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, region TEXT NOT NULL,
    domain TEXT NOT NULL, username TEXT NOT NULL, password TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS projects_user ON projects (domain, username);
CREATE TABLE IF NOT EXISTS access_keys (
    access_key TEXT PRIMARY KEY, secret_key TEXT NOT NULL, security_token TEXT, project_id TEXT NOT NULL,
    expires_at REAL, failures INTEGER NOT NULL DEFAULT 0, locked_until REAL NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY, project_id TEXT NOT NULL, is_scoped INTEGER NOT NULL, expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS instances (
    id TEXT PRIMARY KEY, project_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    version TEXT NOT NULL, volume_gb INTEGER NOT NULL, used_gb REAL NOT NULL, created_at REAL NOT NULL,
    backup_hour INTEGER NOT NULL, keep_days INTEGER NOT NULL, environment TEXT NOT NULL, deleted_at REAL
);
CREATE INDEX IF NOT EXISTS instances_of_project ON instances (project_id);
CREATE TABLE IF NOT EXISTS backups (
    id TEXT PRIMARY KEY, project_id TEXT NOT NULL, instance_id TEXT NOT NULL, instance_name TEXT NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
    version TEXT NOT NULL, begin_at REAL NOT NULL, end_at REAL, size_mb REAL NOT NULL,
    job_id TEXT NOT NULL, call_id TEXT NOT NULL DEFAULT '', deleted_at REAL
);
CREATE INDEX IF NOT EXISTS backups_listed ON backups
    (project_id, deleted_at, begin_at DESC, id, instance_id, type);
CREATE INDEX IF NOT EXISTS backups_listed_of_instance ON backups
    (project_id, instance_id, deleted_at, begin_at DESC, id, type);
CREATE INDEX IF NOT EXISTS backups_of_instance ON backups (instance_id, name);
CREATE INDEX IF NOT EXISTS backups_under_way ON backups (end_at) WHERE status = 'BUILDING';
CREATE INDEX IF NOT EXISTS backups_job ON backups (job_id);
"""


class StateUnreadableError(Exception):
    """The state file is none of this simulator's."""


class Store:
    """One connection that the threads take turns on; what a transaction wrote survives a kill."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=10)
            self._connection.row_factory = sqlite3.Row
            self._prepare()
        except sqlite3.Error as error:
            raise StateUnreadableError(f"the state file {path} cannot be used: {error}") from error

    def _prepare(self) -> None:
        """Make the tables, or see that those of the file are ours."""
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # two clouds would each have a clock
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, VERSION}:
            raise sqlite3.DatabaseError(f"it is of version {version}, this simulator writes {VERSION}")
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {VERSION}")
        self._connection.commit()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and alone: one caller at a time."""
        with self._lock, self._connection:
            yield self._connection

    def recall(self, key: str, default: str = "") -> str:
        """A remembered value."""
        with self.transaction() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else default

    def remember(self, key: str, value: str) -> None:
        """Keep a value."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Leave the file whole."""
        with self._lock:
            self._connection.close()


def insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """Write a row, its values by the names of the columns."""
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own names
