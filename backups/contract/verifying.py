"""Judging a signature as the cloud does (contract.md, "Signing in") [S]: the other side of `signing`."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backups.contract import signing
from backups.contract.signing import Query

LARGEST_SKEW = timedelta(minutes=15)
MUST_BE_SIGNED = frozenset({"host", signing.DATE_HEADER.lower()})
_AUTHORIZATION = re.compile(
    rf"{signing.ALGORITHM} Access=(?P<key>[\w-]{{1,64}}),\s*SignedHeaders=(?P<names>[a-z0-9;_-]+),"
    r"\s*Signature=(?P<hex>[0-9a-f]{64})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an Authorization header says: whose key, which headers it signs, and the signature."""

    access_key: str
    signed: tuple[str, ...]
    signature: str


def read_claim(authorization: str) -> Claim | None:
    """The claim of a header; None where it is none."""
    found = _AUTHORIZATION.fullmatch(authorization.strip())
    return Claim(found["key"], tuple(found["names"].split(";")), found["hex"]) if found else None


def problem_of(
    claim: Claim,
    method: str,
    path: str,
    query: Query,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secret_key: str,
    now: datetime,
) -> str:
    """Why the claim does not hold, in the cloud's words; "" where it does.

    Host and date must be among the signed headers, and the date within 15 minutes of `now`. `headers` are
    named in lower case.
    """
    if list(claim.signed) != sorted(set(claim.signed)) or not MUST_BE_SIGNED.issubset(claim.signed):
        return "verify aksk signature fail, host and x-sdk-date must be signed, in order"
    date = headers.get(signing.DATE_HEADER.lower(), "").strip()
    moment = _read_date(date)
    if moment is None or abs(now - moment) > LARGEST_SKEW:
        return "verify aksk signature fail, X-Sdk-Date is more than 15 minutes off"
    canonical = signing.canonical_request(method, path, query, headers, claim.signed, body)
    expected = signing.signature_of(signing.string_to_sign(date, canonical), secret_key)
    return "" if hmac.compare_digest(expected, claim.signature) else "verify aksk signature fail"


def _read_date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, signing.DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
