"""Serves the simulated cloud over HTTP."""

import re
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from uuid import uuid4

from backups.simulator.calls import Call, Reply, of_refusal
from backups.simulator.control import Control
from backups.simulator.exchange import Exchange
from backups.simulator.refusals import Refusal, bad_request, no_such_api
from backups.simulator.wire import Wire, send_whole

MOST_BODY = 1024 * 1024
LENGTH = re.compile(r"[0-9]{1,18}")
CONTROL_PATH = "/_control/"


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive over many calls."""

    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    timeout = 120

    def answer(self) -> None:
        """Answer one call, whatever its method."""
        wire = Wire(cast(Any, self.wfile), self.connection)
        site = cast(Server, self.server)
        call = Call(uuid4().hex, self.command, self.path, self.headers, b"")
        try:
            call.body = self._body()
        except Refusal as refusal:
            wire.cut()
            self._send(wire, call, of_refusal(refusal))
        else:
            if call.path.startswith(CONTROL_PATH):
                self._send(wire, call, site.control_reply(call))
            else:
                site.exchange.carry(call, wire)
        self.close_connection = self.close_connection or wire.must_close

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _send(self, wire: Wire, call: Call, reply: Reply) -> None:
        cast(Server, self.server).exchange.dress(call, reply)
        send_whole(wire, reply)

    def _body(self) -> bytes:
        """The whole body; refuses what cannot be measured or is too large."""
        if self.headers.get("Transfer-Encoding"):
            raise bad_request("The body must have a Content-Length.", HTTPStatus.LENGTH_REQUIRED)
        length = self.headers.get("Content-Length", "0").strip()
        if not LENGTH.fullmatch(length):
            raise bad_request("The Content-Length cannot be read.")
        if int(length) > MOST_BODY:
            raise bad_request("The request is too large.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise bad_request("The request ended early.")
        return body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What the server refuses by itself, in the error form too."""
        self.close_connection = True
        call = Call(uuid4().hex, "", "", cast(Any, {}), b"")
        reply = of_refusal(bad_request(message or "The request cannot be read.", code))
        self._send(Wire(cast(Any, self.wfile), self.connection), call, reply)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing: calls are told by the history."""


class Server(ThreadingHTTPServer):
    """The simulated cloud's front door."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], exchange: Exchange, *, has_control: bool) -> None:
        super().__init__(address, Handler)
        self.exchange = exchange
        self._control = Control(exchange) if has_control else None

    def server_bind(self) -> None:
        """Bind without asking the resolver for this machine's name, which may take long."""
        super(ThreadingHTTPServer, self).server_bind()

    def control_reply(self, call: Call) -> Reply:
        """What the control interface answers; without it there is no such path."""
        if self._control is None:
            return of_refusal(no_such_api())
        return self._control.answer(call)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is no news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
