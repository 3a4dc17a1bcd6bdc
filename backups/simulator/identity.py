"""The sign-in service: tokens for users, the projects that a caller sees, and who makes a call."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from backups.simulator import refusals, signatures
from backups.simulator.calls import Call, Reply, of_json
from backups.simulator.cloud import Cloud
from backups.simulator.credentials import new_token

TOKEN_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Caller:
    """Who has signed in; `is_scoped` when the sign-in was for the project."""

    project_id: str
    is_scoped: bool


def caller_of(cloud: Cloud, call: Call) -> Caller:
    """Who makes a call; refuses who has not signed in."""
    if call.headers.get("X-Auth-Token") is not None:
        return _of_token(cloud, call)
    if call.headers.get("Authorization") is not None:
        return Caller(signatures.project_of(cloud, call), is_scoped=True)
    raise refusals.bad_sign_in("neither a token nor a signature was sent")


def _of_token(cloud: Cloud, call: Call) -> Caller:
    with cloud.store.transaction() as db:
        row = db.execute(
            "SELECT t.*, p.username FROM tokens t JOIN projects p ON p.id = t.project_id WHERE t.digest = ?",
            (_digest(call.header("X-Auth-Token").strip()),),
        ).fetchone()
    if row is None:
        raise refusals.bad_sign_in("decrypt token fail")
    call.caller = row["username"]
    if row["expires_at"] <= cloud.clock.now():
        raise refusals.token_ended()
    return Caller(row["project_id"], bool(row["is_scoped"]))


def sign_in(cloud: Cloud, call: Call) -> Reply:
    """POST /v3/auth/tokens: a token for a user's password."""
    auth = _within(call.fields(), "auth")
    identity = _within(auth, "identity")
    user = _within(identity, "password", "user")
    if identity.get("methods") != ["password"] or not user:
        raise refusals.iam(HTTPStatus.BAD_REQUEST, "IAM.0011", "Request body is invalid.")
    now = cloud.clock.now()
    token, expires_at = new_token(), now + TOKEN_SECONDS
    with cloud.store.transaction() as db:
        project = _user_project(db, user)
        is_scoped = _scope(auth, project)
        db.execute("DELETE FROM tokens WHERE expires_at < ?", (now - TOKEN_SECONDS,))
        db.execute(
            "INSERT INTO tokens VALUES (?, ?, ?, ?)", (_digest(token), project["id"], is_scoped, expires_at)
        )
    call.caller = project["username"]
    told = _told(project, expires_at, now, is_scoped=is_scoped)
    return of_json(told, HTTPStatus.CREATED, {"X-Subject-Token": token})


def list_projects(cloud: Cloud, call: Call) -> Reply:
    """GET /v3/projects?name= and /v3/auth/projects: what the caller may enter."""
    caller = caller_of(cloud, call)
    wanted = call.query.get("name")
    with cloud.store.transaction() as db:
        rows = db.execute("SELECT * FROM projects WHERE id = ?", (caller.project_id,)).fetchall()
    found = [
        {
            "id": row["id"],
            "name": row["region"],
            "domain_id": _domain_id(row),
            "enabled": True,
            "is_domain": False,
        }
        for row in rows
        if wanted in {None, row["region"]}
    ]
    return of_json({"projects": found, "links": {"self": call.target, "next": None, "previous": None}})


def _user_project(db: sqlite3.Connection, user: dict[str, Any]) -> sqlite3.Row:
    """The project of a user whose name, domain and password are right."""
    domain = _within(user, "domain").get("name")
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM projects WHERE domain = ? AND username = ?", (str(domain), str(user.get("name")))
    ).fetchone()
    given = str(user.get("password", ""))
    if row is None or not hmac.compare_digest(given.encode(), row["password"].encode()):
        raise refusals.iam(HTTPStatus.UNAUTHORIZED, "IAM.0001", "The username or password is wrong.")
    return row


def _scope(auth: dict[str, Any], project: sqlite3.Row) -> bool:
    """Whether the token is for the project; refuses another project's scope."""
    wanted = _within(auth, "scope", "project")
    if not wanted:
        return False
    if (
        wanted.get("id", project["id"]) != project["id"]
        or wanted.get("name", project["region"]) != project["region"]
    ):
        raise refusals.iam(HTTPStatus.UNAUTHORIZED, "IAM.0002", "The user has no rights in the project.")
    return True


def _told(project: sqlite3.Row, expires_at: float, now: float, *, is_scoped: bool) -> dict[str, Any]:
    domain = {"id": _domain_id(project), "name": project["domain"]}
    token: dict[str, Any] = {
        "expires_at": _iam_time(expires_at),
        "issued_at": _iam_time(now),
        "methods": ["password"],
        "user": {"name": project["username"], "domain": domain},
    }
    if is_scoped:
        token["project"] = {"id": project["id"], "name": project["region"], "domain": domain}
    return {"token": token}


def _domain_id(project: sqlite3.Row) -> str:
    return hashlib.md5(project["domain"].encode(), usedforsecurity=False).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _iam_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _within(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """An object some levels down, empty where there is none."""
    for name in names:
        inner = value.get(name)
        value = inner if isinstance(inner, dict) else {}
    return value
