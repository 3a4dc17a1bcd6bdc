"""One request over the wire and its reply: bounded in time and memory, never redirected, never repeated."""

import http.client
import ssl

from backups.cloud.connections import Connection, connect
from backups.cloud.deadline import Deadline
from backups.cloud.errors import CertificateRefused, CloudAmbiguous, CloudNotSent
from backups.cloud.guard import RESOLVE_SECONDS, Guard
from backups.cloud.messages import Reply, Request
from backups.cloud.origins import Origin
from backups.cloud.shelf import Shelf

BODY_MAX_BYTES = 1024 * 1024
_READ_BYTES = 64 * 1024
_WIRE_ERRORS = (OSError, http.client.HTTPException, ValueError)
_CERTIFICATE_ERRORS = (ssl.SSLCertVerificationError, ssl.CertificateError)


class Transport:
    """Sends requests to origins that the guard lets through (faults.md, rule 8).

    What the errors prove: `CloudNotSent` until the connection stands, `CloudAmbiguous` from the first
    byte sent until a status line is read. After that there is a reply, if need be with a flaw.
    """

    def __init__(self, guard: Guard, *, ssl_context: ssl.SSLContext | None = None) -> None:
        self._guard = guard
        self._context = ssl_context or ssl.create_default_context()
        self._shelf = Shelf()

    def send(self, request: Request, deadline: Deadline) -> Reply:
        """Send `request` and read its reply; a request that changes something gets a fresh connection."""
        kept = self._shelf.take(request.origin) if request.is_reading else None
        connection = kept or self.connect(request.origin, deadline)
        connection.deadline = deadline
        try:
            response = _begin(connection, request)
        except BaseException:
            connection.close()
            raise
        reply = _read(response)
        if request.is_reading and not reply.flaw and not response.will_close:
            self._shelf.put(request.origin, connection)
        else:
            connection.close()
        return reply

    def connect(self, origin: Origin, deadline: Deadline) -> Connection:
        """A fresh connection, TLS included; raises only `CloudNotSent` and its kinds."""
        failure: CloudNotSent
        try:
            target = self._guard.check(
                str(origin), within_seconds=deadline.remaining(at_most=RESOLVE_SECONDS)
            )
            return connect(target, deadline, self._context)
        except _CERTIFICATE_ERRORS as error:
            failure = CertificateRefused(_cause(error), at_step="tls", field="endpoint")
        except ssl.SSLError as error:
            failure = CloudNotSent(_cause(error), at_step="tls", field="endpoint")
        except _WIRE_ERRORS as error:
            failure = CloudNotSent(_cause(error), at_step="connect", field="endpoint")
        raise failure


def _begin(connection: Connection, request: Request) -> http.client.HTTPResponse:
    """Send, and read the status and the headers.

    The error is raised outside of the handler: its traceback then ends here, and the frames below,
    whose variables hold signed headers, do not hang on to it.
    """
    failure: CloudAmbiguous
    try:
        connection.request(
            request.method,
            request.target,
            body=request.body or None,
            headers=request.headers,
        )
        return connection.read_reply()
    except TimeoutError:
        failure = CloudAmbiguous("no reply within the time of the call")
    except _WIRE_ERRORS as error:
        failure = CloudAmbiguous(f"no reply: {_cause(error)}")
    raise failure


def _read(response: http.client.HTTPResponse) -> Reply:
    body, flaw = bytearray(), ""
    try:
        while chunk := response.read(_READ_BYTES):
            body += chunk
            if len(body) > BODY_MAX_BYTES:
                flaw = "the body is larger than 1 MiB"
                break
        else:
            flaw = _flaw_at_end(response)
    except _WIRE_ERRORS as error:
        flaw = f"the body was cut off: {_cause(error)}"
    finally:
        response.close()
    return Reply(response.status, response.headers, bytes(body[:BODY_MAX_BYTES]), flaw)


def _flaw_at_end(response: http.client.HTTPResponse) -> str:
    if response.length:
        return "the body is shorter than its Content-Length"
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return "the body is compressed, which was not asked for"
    return ""


def _cause(error: Exception) -> str:
    """What went wrong, in words of this machine only: those of the other side may echo a secret."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
