"""Load from processes of its own: as much as goes (closed), or as much as open pages ask (open).

One thread and raw sockets each, so that what is measured is the server.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

PROCESSES = 2
CONNECTIONS = 4
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)")


class LoadError(RuntimeError):
    """An answer that is not the one that was to be measured."""


def pool() -> ProcessPoolExecutor:
    """The processes that make load; each starts with nothing of ours."""
    return ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))


def request(path: str, cookie: str) -> bytes:
    """A request as htmx sends it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        "HX-Request: true\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n"
    ).encode()


def api_request(path: str, token: str) -> bytes:
    """A request as a program sends it, that reads plain JSON."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}Accept: */*\r\n\r\n".encode()


def answers_per_second(
    makers: ProcessPoolExecutor, port: int, requests: Sequence[bytes], seconds: float, *, status: int = 204
) -> float:
    """How many answers come back a second when each connection asks as soon as it has one."""
    lots = [makers.submit(closed_loop, port, requests, seconds, status) for _ in range(PROCESSES)]
    return sum(lot.result() for lot in lots)


def closed_loop(port: int, requests: Sequence[bytes], seconds: float, status: int) -> float:
    """One process's part of it: answers a second."""
    with selectors.DefaultSelector() as selector:
        for number in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port))
            selector.register(connection, selectors.EVENT_READ, requests[number % len(requests)])
            connection.sendall(requests[number % len(requests)])
        count, began = 0, time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            for key, _ in selector.select(timeout=1):
                _read(key.fileobj, status)
                key.fileobj.sendall(key.data)  # type: ignore[union-attr]
                count += 1
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return count / (now - began)


def _read(connection: object, status: int) -> None:
    """A whole answer, which must be of this status."""
    told = _more(connection, b"")
    while END not in told:
        told = _more(connection, told)
    if not told.startswith(f"HTTP/1.1 {status}".encode()):
        raise LoadError(f"Not the answer: {told[:200]!r}")
    head, _end, body = told.partition(END)
    length = LENGTH.search(head.lower())
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(_more(connection, b""))


def _more(connection: object, told: bytes) -> bytes:
    more: bytes = connection.recv(65536)  # type: ignore[attr-defined]
    if not more:
        raise LoadError(f"The connection ended after {told[:200]!r}.")
    return told + more
