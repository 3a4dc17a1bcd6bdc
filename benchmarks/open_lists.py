"""Many open pages, each asking when its page would: whether or not the last answer is there (an open model).

The time an answer takes counts from the moment at which the page wanted to ask, so that a server that falls
behind shows.
"""

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

POLLER = re.compile(rb'/backups/live\?[^"]+')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Poll:
    """What one open page asks, and how often."""

    path: str
    cookie: str
    every_seconds: float


@dataclass(slots=True)
class Told:
    """What came back: milliseconds of each answer, how many brought news, how many never came."""

    took_ms: list[float] = field(default_factory=list)
    with_news: int = 0
    refused: int = 0
    unanswered: int = 0


def run(port: int, polls: Sequence[Poll], seconds: float) -> Told:
    """Keep the pages open for some seconds; the first of them warm up and are not counted."""
    return asyncio.run(_run(port, polls, seconds))


async def _run(port: int, polls: Sequence[Poll], seconds: float) -> Told:
    told = Told()
    chance = random.Random(len(polls))  # noqa: S311 - phases, the same each time
    loop = asyncio.get_running_loop()
    pages = []
    for poll in polls:
        _, page = await loop.create_connection(partial(_Page, poll, told), "127.0.0.1", port)
        pages.append(page)
    began = loop.time() + 0.2
    for page in pages:
        # In a short run each asks once all the same.
        phase = chance.random() * min(page.poll.every_seconds, seconds)
        page.open(began + phase, began + seconds)
    await asyncio.sleep(seconds + 0.2)
    await asyncio.sleep(1.0)
    told.unanswered = sum(len(page.waiting) for page in pages)
    for page in pages:
        page.close()
    return told


class _Page(asyncio.Protocol):
    """One open page on a connection of its own; answers come in the order of the questions."""

    def __init__(self, poll: Poll, told: Told) -> None:
        self.poll = poll
        self.waiting: list[float] = []
        self._told = told
        self._path = poll.path.encode()
        self._buffer = b""
        self._is_busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def open(self, first: float, until: float) -> None:
        """Ask at `first` and then every so often, until the end."""
        self._loop = asyncio.get_running_loop()
        self._until = until
        self._loop.call_at(first, self._due, first)

    def close(self) -> None:
        """Close the page."""
        self._until = 0.0
        self._transport.close()

    def _due(self, at: float) -> None:
        if at >= self._until:
            return
        self.waiting.append(at)
        self._ask()
        following = at + self.poll.every_seconds
        self._loop.call_at(following, self._due, following)

    def _ask(self) -> None:
        if self._is_busy or not self.waiting:
            return
        self._is_busy = True
        self._transport.write(
            b"GET "
            + self._path
            + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nHX-Request: true\r\nCookie: "
            + self.poll.cookie.encode()
            + HEAD_END
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(HEAD_END)
        if not found:
            return
        length = LENGTH.search(head)
        if length and len(body) < int(length[1]):
            return
        self._buffer = b""
        self._is_busy = False
        self._note(head, body)
        self._ask()

    def _note(self, head: bytes, body: bytes) -> None:
        self._told.took_ms.append((self._loop.time() - self.waiting.pop(0)) * 1000)
        if head.startswith(b"HTTP/1.1 200"):
            self._told.with_news += 1
            if following := POLLER.search(body):
                self._path = following[0].replace(b"&amp;", b"&")
        elif not head.startswith(b"HTTP/1.1 204"):
            self._told.refused += 1
