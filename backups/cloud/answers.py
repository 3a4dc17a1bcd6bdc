"""A reply with its evidence, and what it proves (faults.md, rule 3: classify by evidence)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from typing import Any, TypeVar

from backups.cloud import reply_headers
from backups.cloud.errors import (
    CloudAmbiguous,
    CloudError,
    CloudLater,
    CloudRefused,
    CredentialFailed,
)
from backups.cloud.exchange import Exchange
from backups.cloud.scrubbing import scrub_text
from backups.contract.errors import ErrorBody, Kind, Meaning, meaning_of, read_error
from backups.contract.json_text import NotJsonError, parse_json
from backups.secrecy.secret import Secret

Error = TypeVar("Error", bound=CloudError)

_CLASSES: dict[Kind, type[CloudError]] = {
    Kind.REFUSED: CloudRefused,
    Kind.LATER: CloudLater,
    Kind.CREDENTIAL: CredentialFailed,
    Kind.RENEW_TOKEN: CredentialFailed,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one call; what it says of an error is read without `secrets`."""

    status: int
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)
    flaw: str
    exchange: Exchange
    received_at: datetime
    secrets: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def is_success(self) -> bool:
        """Any 2xx: which one depends on generation and site (contract.md)."""
        return 200 <= self.status < 300

    @property
    def asks_for_a_new_token(self) -> bool:
        """A 401 is decided before execution; the gateway's code for it may come under another 4xx."""
        if not 400 <= self.status < 500:
            return False
        return self.status == 401 or self._meaning(self._said()).kind == Kind.RENEW_TOKEN

    @property
    def skew_seconds(self) -> float | None:
        """By how much our clock is ahead of the cloud's."""
        return reply_headers.skew_seconds(self.headers, at=self.received_at)

    def json(self, *, at_step: str) -> Any:
        """The body of a success; raises `CloudAmbiguous` where it is incomplete or no JSON."""
        if self.flaw:
            raise self.unclear(self.flaw, at_step=at_step)
        try:
            return parse_json(self.body)
        except NotJsonError as error:
            raise self.unclear(str(error), at_step=at_step) from None

    def unclear(self, detail: str, *, at_step: str) -> CloudAmbiguous:
        """A success whose body does not say what became of the call."""
        return self._error(CloudAmbiguous, self._said(), detail, at_step=at_step)

    def refusal(self, *, at_step: str) -> CloudError:
        """The typed error for an answer that is no success."""
        said = self._said()
        meaning = self._meaning(said)
        return self._error(
            _CLASSES.get(meaning.kind, CloudAmbiguous),
            said,
            self.flaw,
            at_step=at_step,
            meaning=meaning.meaning,
            remedy=meaning.remedy,
            field=meaning.field,
            retry_after=reply_headers.retry_after(self.headers, at=self.received_at),
            may_be_our_own_call=meaning.may_be_our_own_call,
        )

    def _error(self, kind: type[Error], said: ErrorBody, detail: str, **more: Any) -> Error:
        request_id = self.exchange.request_id or said.request_id
        return kind(
            detail,
            http_status=self.status,
            error_code=said.code,
            error_msg=said.message,
            request_id=request_id,
            skew_seconds=self.skew_seconds,
            exchange=replace(self.exchange, request_id=request_id),
            **more,
        )

    def _said(self) -> ErrorBody:
        return ErrorBody(*(scrub_text(text, self.secrets) for text in read_error(self.body)))

    def _meaning(self, said: ErrorBody) -> Meaning:
        return meaning_of(said.code, self.status, said.message)
