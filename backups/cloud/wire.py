"""One paced call with its evidence: what the client and the sign-in both send through."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from backups.cloud import reply_headers
from backups.cloud.answers import Answer
from backups.cloud.deadline import Deadline
from backups.cloud.errors import CloudError
from backups.cloud.exchange import Exchange
from backups.cloud.messages import Reply, Request
from backups.cloud.scrubbing import scrub_data, scrub_text
from backups.cloud.throttle import Throttle
from backups.cloud.transport import Transport
from backups.secrecy.secret import Secret

REPLY_EXCERPT_CHARACTERS = 4096


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Wire:
    """Transport, pace and clock of one client."""

    transport: Transport
    throttle: Throttle | None
    now: Callable[[], datetime] = utc_now

    def send(
        self, request: Request, *, deadline: Deadline, at_step: str, secrets: Iterable[Secret]
    ) -> Answer:
        """Send `request` in its turn; errors and answers carry the exchange.

        What the reply says is shown without `secrets` and without those of the request's headers.
        """
        started_at, began = self.now(), time.monotonic()
        try:
            with self._turn(deadline):
                reply = self.transport.send(request, deadline)
        except CloudError as error:
            error.at_step = error.at_step or at_step
            error.exchange = _exchange(request, started_at, began)
            raise
        return self._answer(request, reply, started_at, began, (*secrets, *request.secrets))

    def _turn(self, deadline: Deadline) -> AbstractContextManager[None]:
        return self.throttle.turn(within_seconds=deadline.left()) if self.throttle else nullcontext()

    def _answer(
        self,
        request: Request,
        reply: Reply,
        started_at: datetime,
        began: float,
        secrets: tuple[Secret, ...],
    ) -> Answer:
        body = scrub_data(reply.body, secrets)
        excerpt = body.decode("utf-8", "replace")[:REPLY_EXCERPT_CHARACTERS].replace("\x00", "")
        exchange = _exchange(
            request,
            started_at,
            began,
            reply.status,
            scrub_text(excerpt, secrets),
            scrub_text(reply_headers.request_id(reply.headers), secrets),
        )
        return Answer(reply.status, reply.headers, body, reply.flaw, exchange, self.now(), secrets)


def _exchange(
    request: Request,
    started_at: datetime,
    began: float,
    http_status: int | None = None,
    reply_excerpt: str = "",
    request_id: str = "",
) -> Exchange:
    return Exchange(
        method=request.method,
        url=request.url,
        request_body="" if request.is_body_secret else request.body.decode(),
        started_at=started_at,
        took_ms=round((time.monotonic() - began) * 1000),
        http_status=http_status,
        reply_excerpt=reply_excerpt,
        request_id=request_id,
    )
