"""The keys, users and passwords of projects: random, made once for a state."""

import secrets
import sqlite3
import string
from typing import Any

CAPITALS = string.ascii_uppercase + string.digits
LETTERS = string.ascii_letters + string.digits


def new_project(db: sqlite3.Connection, project_id: str, name: str, region: str) -> None:
    """Add a project with a user and a pair of keys; one that is there keeps what it has."""
    if db.execute("SELECT 1 FROM projects WHERE id = ?", (project_id,)).fetchone():
        return
    domain = f"hw-{_drawn(LETTERS, 10).lower()}"
    values = (project_id, name, region, domain, f"safepoint-{name}", _drawn(LETTERS, 24))
    db.execute("INSERT INTO projects VALUES (?, ?, ?, ?, ?, ?)", values)
    new_key(db, project_id)


def new_key(
    db: sqlite3.Connection,
    project_id: str,
    *,
    security_token: str | None = None,
    expires_at: float | None = None,
) -> dict[str, str]:
    """Add a pair of keys; with a security token it is a temporary one."""
    pair = {"access_key": _drawn(CAPITALS, 20), "secret_key": _drawn(LETTERS, 40)}
    db.execute(
        "INSERT INTO access_keys (access_key, secret_key, security_token, project_id, expires_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (pair["access_key"], pair["secret_key"], security_token, project_id, expires_at),
    )
    return pair


def new_token() -> str:
    """A token or security token; some kilobytes long, as the cloud's are."""
    return "MII" + secrets.token_urlsafe(1800)


def of_projects(db: sqlite3.Connection, ids: list[str] | None = None) -> list[dict[str, Any]]:
    """The projects with what signs in to them, as the keys file lists them."""
    rows = db.execute(
        "SELECT p.name, p.region, p.id AS project_id, k.access_key, k.secret_key,"
        " p.domain, p.username, p.password FROM projects p JOIN access_keys k"
        " ON k.project_id = p.id AND k.security_token IS NULL ORDER BY p.rowid"
    )
    return [dict(row) for row in rows if ids is None or row["project_id"] in ids]


def _drawn(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
