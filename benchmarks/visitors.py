"""A browser that is signed in, as small as it can be: one connection that stays open."""

import http.client
import re
import time
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urljoin

TIMEOUT_SECONDS = 120.0
IDLE_SECONDS = 10.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class VisitError(RuntimeError):
    """An answer that is not the one that was to be measured."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Times in milliseconds: `server_ms` by the server's own clock, `took_ms` by ours."""

    status: int
    headers: dict[str, str]
    body: bytes
    took_ms: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def server_ms(self) -> float:
        """What all of Django took (benchmarks.clock)."""
        return float(self.headers["server-timing"].partition("dur=")[2])


class Visitor:
    """One person at one browser."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._asked_at = 0.0
        self.port = port
        self.cookies = dict(cookies or {})

    def sign_in(self, username: str, password: str) -> "Visitor":
        """Sign in as people do, by the form."""
        form = self.get("/sign-in/")
        token = TOKEN.search(form.text)
        if token is None:
            raise VisitError("The sign-in page has no form.")
        fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
        reply = self.ask("POST", "/sign-in/", body=urlencode(fields))
        if reply.status != http.HTTPStatus.FOUND:
            raise VisitError(f"{username} could not sign in: {reply.status}")
        return self

    def get(self, path: str, **headers: str) -> Reply:
        """Read a page; VisitError unless it answers 200 or 204."""
        reply = self.ask("GET", path, headers=headers)
        if reply.status not in (http.HTTPStatus.OK, http.HTTPStatus.NO_CONTENT):
            raise VisitError(f"{path}: {reply.status} {reply.headers.get('location', '')}")
        return reply

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request and read all of its answer."""
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        if time.monotonic() - self._asked_at > IDLE_SECONDS:
            self._connection.close()  # the server may have closed it by now
        began = time.perf_counter()
        self._connection.request(method, path, body=body, headers=sent)
        response = self._connection.getresponse()
        content = response.read()
        took = (time.perf_counter() - began) * 1000
        self._asked_at = time.monotonic()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        return Reply(
            response.status, {name.lower(): value for name, value in response.getheaders()}, content, took
        )

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        """The header by which the server knows who asks."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, told: list[str]) -> None:
        for line in told:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def links(page: str, within: str) -> list[str]:
    """The addresses in `page` that contain `within`, in their order."""
    found = re.findall(r'(?:href|src|hx-get)="([^"]+)"', page)
    return [unescape(address) for address in found if within in address]


def absolute(page: str, link: str) -> str:
    """A link found on a page, as a path from the root."""
    return urljoin(page, link)
