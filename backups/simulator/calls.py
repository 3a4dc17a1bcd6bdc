"""A call as it came in, and the reply to it."""

import json
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from backups.simulator.refusals import Refusal


@dataclass
class Call:
    """One request, read in full."""

    id: str
    method: str
    target: str
    headers: Message
    body: bytes
    operation: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    """What stands in the path: api, project_id, instance_id, backup_id."""
    caller: str = ""
    """The access key or user, once it has signed in."""

    @property
    def path(self) -> str:
        """The path as it was sent."""
        return self.target.partition("?")[0]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query, decoded, in the order that it was sent."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def query(self) -> dict[str, str]:
        """The query by name."""
        return dict(self.pairs)

    @property
    def segments(self) -> list[str]:
        """The path's parts, decoded."""
        return [unquote(part) for part in self.path.split("/")]

    def header(self, name: str) -> str:
        """A header's value, empty where it is absent."""
        return str(self.headers.get(name, ""))

    def fields(self) -> dict[str, Any]:
        """The body's object, or nothing where it holds none; refuses nothing."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass
class Reply:
    """What goes back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    code: str = ""
    """The error code, for the history."""


def of_json(value: Any, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Reply:
    """A reply that carries JSON."""
    # half of a surrogate pair cannot be written in UTF-8, but as the escape that JSON has for it
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})


def of_refusal(refusal: Refusal) -> Reply:
    """The error form."""
    reply = of_json(
        {"error_code": refusal.code, "error_msg": refusal.message}, refusal.status, refusal.headers
    )
    reply.code = refusal.code
    return reply
