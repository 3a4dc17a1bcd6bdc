"""The evidence of one call: what was asked and what came back, with nothing secret in it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply, as an attempt may show them to a person."""

    method: str
    url: str
    request_body: str
    started_at: datetime
    took_ms: int
    http_status: int | None = None
    reply_excerpt: str = ""
    request_id: str = ""
