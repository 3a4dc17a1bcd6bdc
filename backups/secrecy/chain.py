"""A chain of records under a key: whoever changes one without the key breaks it (security.md, row 15).

Each record's mark (an HMAC) is made over the record, its number and the mark before it. The keys are derived
from CREDENTIAL_KEYS, so that the database alone does not hold what a forger needs.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backups.secrecy.sealing import KEY_BYTES, KeyFormatError, read_key

KEY_ID_BYTES = 4
PURPOSE = b"safepoint audit chain"


class UnknownKeyError(Exception):
    """The mark was made with a key that is not in the list: whether it is genuine cannot be told."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An HMAC in hexadecimal, and which key made it."""

    key: str
    mac: str


@dataclass(frozen=True, slots=True)
class Link:
    """One event at its place in a team's chain: all that its mark is made over.

    An empty address is left out, so that marks from before there were addresses stay genuine. With one the
    text has a part more: neither adding nor taking away an address goes unseen.
    """

    team: int
    number: int
    previous: str
    at: datetime
    actor: int | None
    verb: str
    backup: UUID | None
    project: UUID | None
    from_status: str
    to_status: str
    data: dict[str, Any]
    address: str = ""

    def text(self) -> bytes:
        """The same bytes for the same event, always."""
        told = [self.address] if self.address else []
        return _canonical(
            "event",
            self.team,
            self.number,
            self.previous,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.verb,
            str(self.backup or ""),
            str(self.project or ""),
            self.from_status,
            self.to_status,
            self.data,
            *told,
        )


@dataclass(frozen=True, slots=True)
class Head:
    """Where a team's chain ends."""

    team: int
    number: int
    mac: str

    def text(self) -> bytes:
        """The bytes that the seal of a head is made over."""
        return _canonical("head", self.team, self.number, self.mac)


class ChainKeys:
    """Marks with the first of the keys and recognises the marks of all."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises `KeyFormatError` for an empty list or a malformed key; never repeats the key."""
        if not keys:
            raise KeyFormatError("there is no key")
        self._keys = dict(_derive(number, key) for number, key in enumerate(keys, start=1))
        self.newest = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"ChainKeys({len(self._keys)} keys)"

    def mark(self, what: Link | Head) -> Mark:
        """The mark of `what` under the newest key."""
        return Mark(self.newest, self._mac(self.newest, what))

    def is_genuine(self, what: Link | Head, mark: Mark) -> bool:
        """Whether `mark` was made for exactly `what`; raises `UnknownKeyError`."""
        if mark.key not in self._keys:
            raise UnknownKeyError(mark.key)
        return hmac.compare_digest(self._mac(mark.key, what).encode(), mark.mac.encode())

    def unknown(self, used: Iterable[str]) -> list[str]:
        """Those of the keys in use that are not in the list."""
        return sorted(set(used) - set(self._keys))

    def _mac(self, key: str, what: Link | Head) -> str:
        return hmac.new(self._keys[key], what.text(), hashlib.sha256).hexdigest()


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """`data` as it comes back from PostgreSQL, which knows no difference between 20 and 20.0."""
    read: dict[str, Any] = json.loads(json.dumps(data, allow_nan=False), parse_float=_number)
    return read


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _canonical(*parts: object) -> bytes:
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _derive(number: int, text: str) -> tuple[str, bytes]:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(read_key(number, text))
    return hashlib.sha256(PURPOSE + derived).digest()[:KEY_ID_BYTES].hex(), derived
