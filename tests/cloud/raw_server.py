"""A server that plays any bytes: what a cloud, a gateway or a broken proxy might do on the wire."""

import json
import os
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Received:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def json(self):
        return json.loads(self.body)


Play = Callable[[socket.socket, Received], None]


class RawServer:
    """Listens on a free port; `play` answers each request, on a connection that stays open."""

    def __init__(self, play, *, tls=None):
        self._play, self._tls = play, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.requests = []
        self.connections = 0
        self.ended = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True).start()

    def _serve(self, sock, number):
        try:
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
            stream = sock.makefile("rb")
            while (received := read_request(stream, number)) is not None:
                self.requests.append(received)
                self._play(sock, received)
            stream.close()
        except OSError:
            pass
        finally:
            sock.close()
            self.ended.release()


def read_request(stream, connection):
    """The next request, or None at the end of the connection."""
    line = stream.readline().decode("latin-1").split()
    if not line:
        return None
    headers = {}
    while (header := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name] = value.strip()
    body = stream.read(int(headers.get("Content-Length", 0)))
    return Received(line[0], line[1], headers, body, connection)


def reply(status=200, body=b"", **headers):
    """A whole reply; `body` may be bytes or a value for JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in named.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def always(status=200, body=b"", **headers):
    """Plays the same reply each time."""
    content = reply(status, body, **headers)
    return lambda sock, _: sock.sendall(content)


def in_turn(*replies):
    """Plays one reply after another, and the last one from then on."""
    left = list(replies)
    return lambda sock, _: sock.sendall(left.pop(0) if len(left) > 1 else left[0])


def reset(sock):
    """Close with a TCP reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(sock.detach())


class NoHandshake:
    """In the place of TLS settings: resets each connection instead of shaking hands."""

    def wrap_socket(self, sock, **_):
        reset(sock)
        raise ConnectionResetError
