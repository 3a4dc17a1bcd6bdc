"""The signature SDK-HMAC-SHA256 (contract.md, "Signing in") [S]: what is made here can be verified here.

1. Canonical request: method, path with every segment percent-encoded and a slash at its end, sorted
   query, lower-cased sorted headers, their names, hex SHA-256 of the body; one line feed between.
2. String to sign: algorithm, date, hex SHA-256 of the canonical request.
3. Signature: hex HMAC-SHA256 of that, with the secret key itself.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"
DATE_HEADER = "X-Sdk-Date"
TOKEN_HEADER = "X-Security-Token"  # noqa: S105  a header's name
DATE_FORMAT = "%Y%m%dT%H%M%SZ"

Query = Iterable[tuple[str, str]]


def sign(
    method: str,
    path: str,
    query: Query,
    headers: Mapping[str, str],
    body: bytes,
    *,
    access_key: str,
    secret_key: str,
    at: datetime,
    security_token: str = "",
) -> dict[str, str]:
    """`headers` with the date, the security token and the authorization that signs all of them."""
    signed = {**headers, DATE_HEADER: at.astimezone(UTC).strftime(DATE_FORMAT)}
    if security_token:
        signed[TOKEN_HEADER] = security_token
    names = sorted(name.lower() for name in signed)
    text = string_to_sign(signed[DATE_HEADER], canonical_request(method, path, query, signed, names, body))
    signature = signature_of(text, secret_key)
    signed["Authorization"] = (
        f"{ALGORITHM} Access={access_key}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return signed


def canonical_request(
    method: str,
    path: str,
    query: Query,
    headers: Mapping[str, str],
    signed_names: Iterable[str],
    body: bytes,
) -> str:
    """The request in the one form that both sides compute."""
    values = {name.lower(): value.strip() for name, value in headers.items()}
    names = sorted(name.lower() for name in signed_names)
    return "\n".join(
        (
            method.upper(),
            canonical_path(path),
            canonical_query(query),
            "".join(f"{name}:{values.get(name, '')}\n" for name in names),
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        )
    )


def canonical_path(path: str) -> str:
    """Each segment percent-encoded afresh, ending in a slash."""
    encoded = "/".join(_encode(segment) for segment in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def canonical_query(query: Query) -> str:
    """The query, sorted and percent-encoded; also the very form in which it is sent."""
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(query))


def string_to_sign(date: str, canonical: str) -> str:
    """What the signature is made over."""
    return f"{ALGORITHM}\n{date}\n{hashlib.sha256(_bytes(canonical)).hexdigest()}"


def signature_of(text: str, secret_key: str) -> str:
    """The signature of a string to sign."""
    return hmac.new(_bytes(secret_key), _bytes(text), hashlib.sha256).hexdigest()


def _encode(text: str) -> str:
    return quote(_bytes(text), safe="~")


def _bytes(text: str) -> bytes:
    """Never an exception, whose traceback would hold a key: what is no UTF-8 only fails to verify."""
    return text.encode("utf-8", "surrogatepass")
