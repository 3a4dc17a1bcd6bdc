"""What the REST interface answers, for scripts."""

from typing import Any

from tests.cloud.raw_server import reply

ID = "01936b1e-7c1f-7b3e-9c1d-0123456789ab"
INSTANCE = "d8e6ca5a624745bcb546a227aa3ae1cfin01"
ENDED = {
    *(
        "COMPLETED",
        "AVAILABLE",
        "FAILED",
        "REFUSED",
        "REJECTED",
        "EXPIRED",
        "CANCELLED",
        "VANISHED",
        "DELETED",
    ),
    "UNKNOWN",
}
CREATE = ("backup", "create", "--instance", INSTANCE, "--name", "before-release")


def told(status: str = "QUEUED", **changes: Any) -> dict[str, Any]:
    """A backup."""
    return {
        "id": ID,
        "instance_id": INSTANCE,
        "instance_name": "orders",
        "project_id": "0483b6b16e954cb88930a360d2c4e663",
        "team": "payments",
        "name": "before-release",
        "description": "",
        "status": status,
        "source": "here",
        "revision": 1,
        "requested_by": "dba",
        "requested_at": "2026-11-23T14:10:00Z",
        "reason": "release 42",
        "change_ticket": "CHG-42",
        "content_hash": "c0ffee",
        "approvals": {"needed": 1, "given": 0, "approve_by": "2026-11-24T14:10:00Z"},
        "waits_for": "Waits for lead." if status == "AWAITING_APPROVAL" else None,
        "cloud_id": None,
        "begin_time": None,
        "end_time": None,
        "size_mb": None,
        "progress": 40 if status == "BUILDING" else None,
        "needs_decision_at": None,
        "error": None,
        "is_final": status in ENDED,
        "url": f"http://desk.example.org/backups/{ID}/",
        "attempts": [],
    } | changes


def backup(status: str = "QUEUED", code: int = 200, **changes: Any) -> bytes:
    """A reply with a backup."""
    return reply(code, told(status, **changes))


def made(status: str = "QUEUED") -> bytes:
    """The reply to a request that was taken."""
    return backup(status, 201)


def page(*rows: dict[str, Any], following: str | None = None, **more: Any) -> bytes:
    """A page of a list."""
    return reply(200, {"results": list(rows), "next": following, **more})


def problem(status: int, detail: str = "No.", **more: Any) -> bytes:
    """Problem details; headers by names with a capital, such as Retry_After."""
    headers = {name: value for name, value in more.items() if name[0].isupper()}
    members = {name: value for name, value in more.items() if not name[0].isupper()}
    body = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail, **members}
    return reply(status, body, Content_Type="application/problem+json", **headers)
