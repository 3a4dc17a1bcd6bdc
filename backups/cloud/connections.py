"""Connections on which no wait is longer than what remains of the call.

A socket's own time limit starts afresh with each byte, so a server that sends one byte a second never
meets it. Here every single read of the socket gets the time that remains of the whole call: status
line, headers, body and trailers alike.
"""

import http.client
import io
import socket
import ssl
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from backups.cloud.deadline import Deadline
from backups.cloud.guard import Target

CONNECT_SECONDS = 10.0
"""For one address, and for the TLS handshake; a name may have several addresses."""


class _DeadlineReader(io.RawIOBase):
    """Reads a socket, each time with the time that remains."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.remaining())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineSocket:
    """As much of a socket as `http.client.HTTPResponse` asks for."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002  as a socket has it
        return io.BufferedReader(_DeadlineReader(self._sock, self._deadline))


class _Bounded(HTTPConnection):
    """A connection to the guard's addresses, bounded by the deadline of the call that it carries."""

    target: Target
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return _dial(self.target, self.deadline)

    def send(self, data: Any) -> None:
        """Send within the time that remains."""
        self.sock.settimeout(self.deadline.remaining())
        super().send(data)

    def read_reply(self) -> http.client.HTTPResponse:
        """The status and headers of the reply; its body is read within the same deadline.

        `http.client` is asked directly: urllib3's own way in between logs headers that it cannot parse.
        """
        return http.client.HTTPConnection.getresponse(self)

    def response_class(  # type: ignore[override]  # http.client only calls it
        self, sock: socket.socket, **options: Any
    ) -> http.client.HTTPResponse:
        """The reply that http.client is to read, on a socket with a deadline."""
        bounded: Any = _DeadlineSocket(sock, self.deadline)
        return http.client.HTTPResponse(bounded, **options)


class PlainConnection(_Bounded):
    """Without encryption: only to an origin that the operator allows."""


class TlsConnection(_Bounded, HTTPSConnection):
    """With TLS, which verifies the host's name although an address is dialed."""


Connection = PlainConnection | TlsConnection


def connect(target: Target, deadline: Deadline, context: ssl.SSLContext) -> Connection:
    """An open connection; raises OSError, of which SSL's errors are a part."""
    connection: Connection
    if target.is_tls:
        connection = TlsConnection(target.host, target.port, ssl_context=context)
    else:
        connection = PlainConnection(target.host, target.port)
    connection.target, connection.deadline = target, deadline
    connection.connect()
    return connection


def _dial(target: Target, deadline: Deadline) -> socket.socket:
    failure = OSError("no address")
    for address in target.addresses:
        try:
            return _dial_address(address, target.port, deadline)
        except OSError as error:
            failure = error
    raise failure


def _dial_address(address: str, port: int, deadline: Deadline) -> socket.socket:
    sock = socket.create_connection((address, port), deadline.remaining(at_most=CONNECT_SECONDS))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(deadline.remaining(at_most=CONNECT_SECONDS))
    return sock
