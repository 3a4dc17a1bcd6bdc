"""Taking our own secrets out of what comes from the other side, which may echo them."""

import json
from collections.abc import Iterable
from urllib.parse import quote

from backups.secrecy.redaction import HIDDEN, redact_text
from backups.secrecy.secret import Secret

SHORTEST_IN_TEXT = 4
"""A shorter "secret" would blot out half of every text, and hides nothing."""

SHORTEST_IN_DATA = 16
"""A shorter one might by chance be a part of an id, which must stay what it is."""


def scrub_text(text: str, secrets: Iterable[Secret]) -> str:
    """`text` for people: without `secrets`, and without whatever looks like a credential."""
    return redact_text(_hide(text, secrets, SHORTEST_IN_TEXT))


def scrub_data(body: bytes, secrets: Iterable[Secret]) -> bytes:
    """`body` for reading: without those of `secrets` that are long enough to be told from data."""
    text = body.decode("utf-8", "surrogateescape")
    return _hide(text, secrets, SHORTEST_IN_DATA).encode("utf-8", "surrogateescape")


def _hide(text: str, secrets: Iterable[Secret], shortest: int) -> str:
    for secret in secrets:
        if len(secret.reveal()) >= shortest:
            text = text.replace(secret.reveal(), HIDDEN)
            text = text.replace(json.dumps(secret.reveal())[1:-1], HIDDEN)
            text = text.replace(quote(secret.reveal().encode("utf-8", "replace"), safe=""), HIDDEN)
    return text
