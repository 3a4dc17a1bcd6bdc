"""The REST interface over urllib3: what may be repeated is, and the token goes to one origin only."""

import math
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, SSLError

from safepoint import __version__
from safepoint.problems import understood

Query = Sequence[tuple[str, str]]
Reply = urllib3.BaseHTTPResponse | HTTPError

CONNECT_SECONDS = 10
READ_SECONDS = 30
OUTAGE_SECONDS = 30
"""How long a server may be away while a command begins; one that waits is more patient."""
THROTTLED_SECONDS = 90
"""How long a server may put a command off that names no --timeout; it counts calls by the minute."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
AWAY = (502, 503, 504)
THROTTLED = 429
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Patience:
    """Until when (monotonic) a call may be put off by the server, and until when it may be away."""

    throttled: float
    away: float

    @classmethod
    def of(cls, seconds: float = THROTTLED_SECONDS) -> "Patience":
        """Be put off for so long, and bear an outage as far as that."""
        now = time.monotonic()
        return cls(now + seconds, now + min(seconds, OUTAGE_SECONDS))


class Client:
    """Calls Safepoint with a token."""

    def __init__(self, url: str, token: str, trust: ssl.SSLContext, tell: Callable[[str], None]) -> None:
        self.url = f"{url.rstrip('/')}/api/v1/"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "User-Agent": f"safepoint/{__version__}",
        }
        self._pool = urllib3.PoolManager(ssl_context=trust)
        self._tell = tell

    def get(self, path: str, query: Query = (), *, patience: Patience | None = None, wait: float = 0) -> Any:
        """Read something; the server may take `wait` seconds over it."""
        return self._call("GET", path, {}, patience, fields=query, timeout=time_limits(wait))

    def post(
        self, path: str, body: Mapping[str, Any], *, key: str | None = None, patience: Patience | None = None
    ) -> Any:
        """Do something; with an idempotency key it is tried again where the answer was lost."""
        headers = {KEY: key} if key else {}
        return self._call("POST", path, headers, patience, json=body, timeout=time_limits())

    def pages(self, path: str, query: Query) -> Iterator[dict[str, Any]]:
        """Each page of a list. Of the next page's address only the query counts: it is asked for here."""
        while True:
            page = self.get(path, query)
            yield page
            if not page["next"]:
                return
            query = parse_qsl(urlsplit(page["next"]).query)

    def _call(
        self, method: str, path: str, headers: Mapping[str, str], patience: Patience | None, **how: Any
    ) -> Any:
        patience, pause = patience or Patience.of(), FIRST_PAUSE
        while True:
            reply = self._try(method, path, headers, **how)
            again_in, limit = math.inf, patience.away
            if isinstance(reply, urllib3.BaseHTTPResponse) and reply.status == THROTTLED:
                again_in, limit = asked_pause(reply) or pause, patience.throttled
            elif is_away(reply) and (method == "GET" or KEY in headers):
                again_in = pause
            if time.monotonic() + again_in > limit:
                return understood(reply, self.url)
            self._tell(f"{why(reply)}; trying again in {math.ceil(again_in)} s.")
            time.sleep(again_in)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _try(self, method: str, path: str, headers: Mapping[str, str], **how: Any) -> Reply:
        address, sent = self.url + path, {**self._headers, **headers}
        try:
            return self._pool.request(method, address, headers=sent, redirect=False, retries=False, **how)
        except HTTPError as error:
            return error


def time_limits(wait: float = 0) -> urllib3.Timeout:
    """For one try, in seconds."""
    return urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS + wait)


def is_away(reply: Reply) -> bool:
    """Whether the server, or the way to it, may be there again in a moment; a bad certificate stays bad."""
    if isinstance(reply, SSLError):
        return not (reply.args and isinstance(reply.args[0], ssl.SSLCertVerificationError))
    if isinstance(reply, HTTPError):
        return True
    return reply.status in AWAY


def asked_pause(reply: urllib3.BaseHTTPResponse) -> float | None:
    """What Retry-After asks for, in seconds."""
    with suppress(InvalidHeader):
        return urllib3.Retry().get_retry_after(reply)
    return None


def why(reply: Reply) -> str:
    """Why it is tried again."""
    if isinstance(reply, HTTPError):
        return "Safepoint does not answer"
    words = "asks to slow down" if reply.status == THROTTLED else f"is away ({reply.status})"
    return f"Safepoint {words}"
