"""Puts a reply on the wire: whole, or in one of the ways in which replies go wrong."""

import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import BinaryIO

from backups.simulator.calls import Reply
from backups.simulator.faults import Fault, Faults

CHUNK = 64 * 1024
BIG = 200 * 1024 * 1024
LINGER_NOT = struct.pack("ii", 1, 0)


class Wire:
    """One connection, for one reply."""

    def __init__(self, file: BinaryIO, connection: socket.socket) -> None:
        self.file = file
        self._connection = connection
        self.must_close = False

    def send(self, *parts: bytes) -> None:
        """Write and flush."""
        for part in parts:
            self.file.write(part)
        self.file.flush()

    def cut(self) -> None:
        """End the connection after what was sent."""
        self.must_close = True

    def reset(self) -> None:
        """End the connection as a crashed machine's does."""
        self.must_close = True
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self._connection.close()


def head(reply: Reply, length: int) -> bytes:
    """The status line and the headers of a reply."""
    phrase = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {reply.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    lines += [f"Content-Length: {length}", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def send_whole(wire: Wire, reply: Reply) -> None:
    """As it should be."""
    wire.send(head(reply, len(reply.body)), reply.body)


def send_badly(wire: Wire, reply: Reply, fault: Fault, faults: Faults, hold: Callable[[], None]) -> None:
    """As the fault says; `hold` returns when the call has been released."""
    if fault.action == "big":
        _send_big(wire, reply, fault)
    elif fault.action == "slow":
        _send_slowly(wire, reply, fault, faults)
    else:
        _send_in_halves(wire, reply, fault, faults, hold)


def _send_in_halves(wire: Wire, reply: Reply, fault: Fault, faults: Faults, hold: Callable[[], None]) -> None:
    """The first half at once; the rest after the hold or the delay, or never."""
    middle = len(reply.body) // 2
    wire.send(head(reply, len(reply.body)), reply.body[:middle])
    if fault.action == "hold":
        hold()
    elif fault.action == "delay":
        faults.wait(float(fault.options.get("seconds", 1.0)))
    elif fault.action == "reset":
        return wire.reset()
    else:
        return wire.cut()
    return wire.send(reply.body[middle:])


def _send_slowly(wire: Wire, reply: Reply, fault: Fault, faults: Faults) -> None:
    """Byte by byte: the body, or from the first header on; with headers that never end, if asked for."""
    pause = float(fault.options.get("seconds", 1.0))
    start, rest = head(reply, len(reply.body)), reply.body
    if fault.options.get("is_endless"):
        wire.send(start[:-2])
        while True:
            faults.wait(pause)
            wire.send(b"X-More: and more\r\n")
    if fault.options.get("part") == "head":
        start, rest = b"", start + reply.body
    wire.send(start)
    for byte in rest:
        faults.wait(pause)
        wire.send(bytes([byte]))


def _send_big(wire: Wire, reply: Reply, fault: Fault) -> None:
    """A body of many bytes, or a small one that unpacks to as many."""
    size = int(fault.options.get("bytes", BIG))
    if fault.options.get("is_gzip"):
        packed = b"".join(_packed(size))
        reply.headers["Content-Encoding"] = "gzip"
        wire.send(head(reply, len(packed)), packed)
        return
    wire.send(head(reply, size))
    for chunk in _spaces(size):
        wire.send(chunk)


def _spaces(size: int) -> Iterator[bytes]:
    whole, rest = divmod(size, CHUNK)
    for _ in range(whole):
        yield b" " * CHUNK
    yield b" " * rest


def _packed(size: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    for chunk in _spaces(size):
        yield packer.compress(chunk)
    yield packer.flush()
