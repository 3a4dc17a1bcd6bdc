"""Judges SDK-HMAC-SHA256 signatures.

1. A key that is locked is refused before anything else.
2. The date must be signed and within 15 minutes of the cloud's clock.
3. The request is written in its canonical form, whose path ends in a slash, and hashed; algorithm, date and
   hash are signed with the secret key, and the outcome is compared.
4. Five failures in a row lock the key for five minutes; a success starts the count anew.
"""

import hashlib
import hmac
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from backups.simulator import refusals
from backups.simulator.calls import Call
from backups.simulator.cloud import Cloud
from backups.simulator.refusals import Refusal

ALGORITHM = "SDK-HMAC-SHA256"
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=(?P<key>[^,\s]+),\s*SignedHeaders=(?P<headers>[a-z0-9;-]+),"
    r"\s*Signature=(?P<hex>[0-9a-f]{64})"
)
MUST_BE_SIGNED = frozenset({"host", "x-sdk-date"})
MOST_SKEW = 15 * 60
FAILURES_ALLOWED = 5
LOCK_SECONDS = 300.0


@dataclass(frozen=True)
class Claim:
    """What an Authorization header says."""

    access_key: str
    signed: list[str]
    signature: str


def project_of(cloud: Cloud, call: Call) -> str:
    """The project whose key signed a call; refuses one that was not signed well."""
    claim = _read(call)
    call.caller = claim.access_key
    now = cloud.clock.now()
    with cloud.store.transaction() as db:
        key = db.execute("SELECT * FROM access_keys WHERE access_key = ?", (claim.access_key,)).fetchone()
        if key is None:
            raise refusals.bad_sign_in("Get secretKey failed")
        if key["locked_until"] > now:
            raise refusals.bad_sign_in("AK access failed to reach the limit, forbidden")
        refusal = _judge(call, claim, key, cloud.clock.shown(), now)
        _count(db, key, now, has_failed=refusal is not None)
    if refusal:
        raise refusal
    return str(key["project_id"])


def _read(call: Call) -> Claim:
    match = AUTHORIZATION.fullmatch(call.header("Authorization").strip())
    if match is None:
        raise refusals.bad_sign_in("verify aksk signature fail, the Authorization header cannot be read")
    return Claim(match["key"], match["headers"].split(";"), match["hex"])


def _judge(call: Call, claim: Claim, key: sqlite3.Row, shown: float, now: float) -> Refusal | None:
    """Why a claim does not hold."""
    if claim.signed != sorted(set(claim.signed)) or not MUST_BE_SIGNED.issubset(claim.signed):
        return refusals.bad_sign_in("verify aksk signature fail, the signed headers are not in order")
    skew = _skew(call.header("X-Sdk-Date"), shown)
    if skew is None or abs(skew) > MOST_SKEW:
        return refusals.bad_sign_in("verify aksk signature fail, X-Sdk-Date is more than 15 minutes off")
    if not hmac.compare_digest(_signature(call, claim, key["secret_key"]), claim.signature):
        return refusals.bad_sign_in("verify aksk signature fail")
    if key["security_token"] is not None:
        if not hmac.compare_digest(call.header("X-Security-Token").encode(), key["security_token"].encode()):
            return refusals.bad_sign_in("verify aksk signature fail, the security token is wrong")
        if key["expires_at"] <= now:
            return refusals.bad_sign_in("decrypt token fail, the security token has ended")
    return None


def _skew(date: str, shown: float) -> float | None:
    """By how many seconds the caller's clock is ahead."""
    try:
        moment = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp() - shown


def _signature(call: Call, claim: Claim, secret_key: str) -> str:
    digest = hashlib.sha256(_canonical(call, claim.signed)).hexdigest()
    to_sign = f"{ALGORITHM}\n{call.header('X-Sdk-Date').strip()}\n{digest}"
    return hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def _canonical(call: Call, signed: list[str]) -> bytes:
    """The request in the form that is signed; headers are taken as the bytes that came."""
    path = "/".join(_encoded(part) for part in call.segments)
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(call.pairs))
    headers = "".join(f"{name}:{call.header(name).strip()}\n" for name in signed)
    body_hash = hashlib.sha256(call.body).hexdigest()
    head = f"{call.method}\n{path if path.endswith('/') else path + '/'}\n{query}\n"
    return (
        head.encode() + headers.encode("latin-1", "replace") + f"\n{';'.join(signed)}\n{body_hash}".encode()
    )


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _count(db: sqlite3.Connection, key: sqlite3.Row, now: float, *, has_failed: bool) -> None:
    """Keep the count of failures; the fifth locks."""
    failures = key["failures"] + 1 if has_failed else 0
    locked_until = 0.0
    if failures >= FAILURES_ALLOWED:
        failures, locked_until = 0, now + LOCK_SECONDS
    if (failures, locked_until) != (key["failures"], key["locked_until"]):
        db.execute(
            "UPDATE access_keys SET failures = ?, locked_until = ? WHERE access_key = ?",
            (failures, locked_until, key["access_key"]),
        )
