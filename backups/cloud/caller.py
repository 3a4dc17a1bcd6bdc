"""Authorized calls of one credential: sign, send, renew the token once on 401, tell errors by evidence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backups.cloud.answers import Answer
from backups.cloud.auth import Auth
from backups.cloud.deadline import Deadline
from backups.cloud.guard import Guard
from backups.cloud.messages import Request
from backups.cloud.sign_in import AT_STEP as SIGN_IN
from backups.cloud.sign_in import Post
from backups.cloud.wire import Wire
from backups.secrecy.secret import Secret

Query = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes the calls of one client."""

    wire: Wire
    guard: Guard
    auth: Auth
    language: str
    deadline_seconds: float

    def call(self, request: Request, *, at_step: str) -> Answer:
        """The answer of a success; every other answer is raised as the error that it is.

        One deadline holds for all of it: the wait for our turn, the sign-in, the call itself and its
        one repetition after a 401, which is decided before execution.
        """
        deadline = Deadline(self.deadline_seconds)
        post = self._post_within(deadline)
        signed = self.auth.authorize(request, post=post, at=self.now())
        answer = self._send(signed, deadline, at_step)
        if answer.asks_for_a_new_token and self.auth.renew(signed, post=post, at=self.now()):
            signed = self.auth.authorize(request, post=post, at=self.now())
            answer = self._send(signed, deadline, at_step)
        if not answer.is_success:
            raise answer.refusal(at_step=at_step)
        return answer

    def sign_in(self) -> None:
        """Prove the credential by itself, where the cloud has a way to."""
        deadline = Deadline(self.deadline_seconds)
        self.auth.sign_in(post=self._post_within(deadline), at=self.now())

    def ask_unsigned(self, request: Request, *, at_step: str) -> Answer:
        """Whatever answers a request without a signature, which no key can be locked for."""
        return self._send(request, Deadline(self.deadline_seconds), at_step)

    def connect(self, endpoint: str) -> None:
        """Open a connection to `endpoint`, TLS included, and close it again."""
        deadline = Deadline(self.deadline_seconds)
        self.wire.transport.connect(self.guard.origin(endpoint), deadline).close()

    def now(self) -> datetime:
        """This machine's clock, by which requests are signed."""
        return self.wire.now()

    def request(
        self,
        method: str,
        endpoint: str,
        path: str,
        *,
        query: Query | None = None,
        body: Mapping[str, str] | None = None,
        project_id: str = "",
    ) -> Request:
        """A request yet to be signed; raises `EndpointRefused` where the guard does."""
        origin = self.guard.origin(endpoint)
        given = {name: value for name, value in (query or {}).items() if value is not None}
        headers = self._headers(origin.authority)
        if project_id:
            headers["X-Project-Id"] = project_id
        return Request(
            method,
            origin,
            path,
            tuple(sorted(given.items())),
            headers,
            json.dumps(body).encode() if body is not None else b"",
        )

    def _send(self, request: Request, deadline: Deadline, at_step: str) -> Answer:
        return self.wire.send(request, deadline=deadline, at_step=at_step, secrets=self.auth.secrets())

    def _post_within(self, deadline: Deadline) -> Post:
        def post(endpoint: str, path: str, body: Secret) -> Answer:
            origin = self.guard.origin(endpoint)
            request = Request(
                "POST",
                origin,
                path,
                headers=self._headers(origin.authority),
                body=body.reveal().encode(),
                is_body_secret=True,
            )
            return self._send(request, deadline, SIGN_IN)

        return post

    def _headers(self, authority: str) -> dict[str, str]:
        return {
            "Host": authority,
            "Content-Type": "application/json",
            "X-Language": self.language,
        }
