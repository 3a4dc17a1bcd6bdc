"""Sealing at rest: AES-256-GCM under a list of keys, bound to the place where the secret belongs.

The associated data names team, credential and field (security.md, row 1), so that a sealed value moved
to another row or column does not open.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backups.secrecy.secret import Secret

KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 4
FORMAT = b"\x01"


class SealError(Exception):
    """A sealed value that does not open here: wrong key, wrong place, or touched bytes."""


class KeyFormatError(ValueError):
    """A key that is not 32 bytes in base64."""


@dataclass(frozen=True, slots=True)
class _Key:
    fingerprint: bytes
    cipher: AESGCM


def new_key() -> str:
    """A fresh key in the form that CREDENTIAL_KEYS takes: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def read_key(number: int, text: str) -> bytes:
    """The bytes of the `number`-th key of a list; raises `KeyFormatError`, which does not repeat the key."""
    try:
        raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise KeyFormatError(f"key {number} is not 32 bytes in URL-safe base64")
    return raw


class KeyRing:
    """Seals with the first key of a list and opens with any of them.

    A sealed value is: format byte, 4 bytes that tell which key, 12 bytes of nonce, ciphertext with tag.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises `KeyFormatError` for an empty list or a malformed key; never repeats the key."""
        if not keys:
            raise KeyFormatError("there is no key")
        self._keys = [_as_key(read_key(number, key)) for number, key in enumerate(keys, start=1)]

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys)} keys)"

    def seal(self, secret: Secret, *, place: str) -> bytes:
        """The sealed form of `secret`, which opens only with the same `place`."""
        key = self._keys[0]
        nonce = os.urandom(NONCE_BYTES)
        sealed = key.cipher.encrypt(nonce, secret.reveal().encode(), place.encode())
        return FORMAT + key.fingerprint + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> Secret:
        """The secret in `sealed`; raises `SealError` where it cannot be opened here."""
        head = len(FORMAT) + FINGERPRINT_BYTES
        fingerprint, nonce = sealed[len(FORMAT) : head], sealed[head : head + NONCE_BYTES]
        if sealed[:1] != FORMAT:
            raise SealError("not a sealed value")
        for key in self._keys:
            if key.fingerprint == fingerprint:
                return _decrypt(key, nonce, sealed[head + NONCE_BYTES :], place)
        raise SealError("sealed with a key that is not in the list")

    def is_newest(self, sealed: bytes) -> bool:
        """Whether `sealed` was made with the key that seals now."""
        head = len(FORMAT)
        return sealed[head : head + FINGERPRINT_BYTES] == self._keys[0].fingerprint


def _as_key(raw: bytes) -> _Key:
    fingerprint = hashlib.sha256(b"safepoint key fingerprint" + raw).digest()[:FINGERPRINT_BYTES]
    return _Key(fingerprint, AESGCM(raw))


def _decrypt(key: _Key, nonce: bytes, ciphertext: bytes, place: str) -> Secret:
    try:
        return Secret(key.cipher.decrypt(nonce, ciphertext, place.encode()).decode())
    except (InvalidTag, ValueError) as error:
        raise SealError("the sealed value was changed or belongs elsewhere") from error
