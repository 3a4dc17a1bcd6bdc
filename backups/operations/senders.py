"""One letter on its way: by mail, by a chat service (Apprise), or by a signed webhook."""

import base64
import hashlib
import hmac
import json
import logging
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import apprise
from django.conf import settings
from django.core import mail

from backups import cloud
from backups.cloud.deadline import Deadline
from backups.cloud.messages import Request
from backups.cloud.origins import read_origin
from backups.cloud.scrubbing import scrub_text
from backups.cloud.transport import Transport
from backups.models import Channel, Service
from backups.operations import channels, vault
from backups.queries.letters import Letter
from backups.secrecy.sealing import SealError
from backups.secrecy.secret import Secret

WEBHOOK_SECONDS = 10.0
FAILURE_MAX = 500
LARGEST_SUCCESS = 299


class NotDeliveredError(Exception):
    """The letter did not arrive, in words for an admin. `is_of_address`: other addresses may still work."""

    def __init__(self, failure: str, *, http_status: int | None = None, is_of_address: bool = False) -> None:
        super().__init__(failure)
        self.failure = failure[:FAILURE_MAX]
        self.http_status = http_status
        self.is_of_address = is_of_address


Send = Callable[[UUID, Letter, str], int | None]
"""Deliver a letter under an id, which stays the same however often it is tried, to an address of the channel;
the HTTP status if there is one. Raises `NotDeliveredError`."""


@contextmanager
def opened(channel: Channel) -> Iterator[Send]:
    """The way that `channel` is; a connection to a mail server serves all letters of one round."""
    try:
        target = vault.open_optional(channel, "target")
        secret = vault.open_optional(channel, "secret")
    except SealError as error:
        raise NotDeliveredError(str(error)) from error
    if channel.service == Service.EMAIL:
        with _mail(target) as send:
            yield send
    elif channel.service == Service.WEBHOOK:
        yield _webhook(target or Secret(""), secret or Secret(""))
    else:
        yield _chat(Service(channel.service), target or Secret(""), secret)


@contextmanager
def _mail(fixed: Secret | None) -> Iterator[Send]:
    if not settings.EMAIL_HOST:
        raise NotDeliveredError("No mail server is set: whoever runs Safepoint has to name one (EMAIL_HOST).")
    try:
        connection = mail.get_connection()
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotDeliveredError(f"The mail server does not answer: {error}") from error
    domain = settings.SITE_URL.partition("://")[2].partition(":")[0]

    def send(key: UUID, letter: Letter, address: str) -> None:
        message = mail.EmailMessage(
            subject=" ".join(letter.subject.split()),
            body=letter.text,
            to=[fixed.reveal() if fixed else address],
            headers={"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise NotDeliveredError("The mail server refuses the address.", is_of_address=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotDeliveredError(f"The mail server failed: {error}") from error

    try:
        yield send
    finally:
        connection.close()


def _webhook(target: Secret, secret: Secret) -> Send:
    """Signed as the Standard Webhooks specification says: an HMAC-SHA256 over id, time and body."""
    transport, key = Transport(channels.webhook_guard()), channels.signing_key(secret)
    origin_text, path = _split(target.reveal())

    def send(delivery: UUID, letter: Letter, _address: str) -> int:
        body, stamp = json.dumps(letter.data).encode(), str(int(time.time()))
        signed = b".".join((str(delivery).encode(), stamp.encode(), body))
        mark = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Safepoint",
            "webhook-id": str(delivery),
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{mark}",
        }
        request = Request("POST", read_origin(origin_text), path, headers=headers, body=body)
        try:
            reply = transport.send(request, Deadline(WEBHOOK_SECONDS))
        except cloud.CloudError as error:
            raise NotDeliveredError(f"The receiver was not reached: {error.detail}") from error
        if not 200 <= reply.status <= LARGEST_SUCCESS:
            raise NotDeliveredError(
                f"The receiver answered with status {reply.status}.", http_status=reply.status
            )
        return reply.status

    return send


def _split(url: str) -> tuple[str, str]:
    """The origin of a webhook's address, and the rest of it."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority}", f"{slash or '/'}{path}"


def _chat(service: Service, target: Secret, secret: Secret | None) -> Send:
    plugin = channels.plugin(service, target, secret)

    def send(_key: UUID, letter: Letter, _address: str) -> None:
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
            is_sent = plugin.notify(body=letter.text, title=letter.subject)
        if not is_sent:
            told = scrub_text(said.getvalue().strip(), [target, *([secret] if secret else [])])
            raise NotDeliveredError(told or f"{service.label} did not take it.")

    return send
