"""Where Safepoint is, and the token: from the environment; the token is never an argument."""

import os
import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from safepoint.ending import WrongInputError

# Of these alone a header may be made, and no library then repeats the token in an error.
TOKEN = re.compile(r"[\x21-\x7e]+")
LOCAL = ("localhost", "127.0.0.1", "::1")


def url_of(given: str | None) -> str:
    """The address of the server.

    Raises:
        WrongInputError: There is none, or it is no address of a web server.
    """
    url = given or os.environ.get("SAFEPOINT_URL", "")
    if not url:
        raise WrongInputError("Where is Safepoint? Set SAFEPOINT_URL, or give --url.")
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        is_good = False
    if not is_good or parts.query or parts.fragment:
        raise WrongInputError("SAFEPOINT_URL (or --url) is not like https://safepoint.example.org.")
    return url


def is_in_clear(url: str) -> bool:
    """Whether anybody on the way to another machine can read the token."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOCAL


def token() -> str:
    """The token.

    Raises:
        WrongInputError: There is none, or it is no token; never with what was found.
    """
    found = os.environ.get("SAFEPOINT_TOKEN", "").strip()
    if not found and (name := os.environ.get("SAFEPOINT_TOKEN_FILE")):
        try:
            found = Path(name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise WrongInputError(f"SAFEPOINT_TOKEN_FILE cannot be read: {name}") from error
    if not found:
        raise WrongInputError("Who asks? Set SAFEPOINT_TOKEN, or SAFEPOINT_TOKEN_FILE.")
    if not TOKEN.fullmatch(found):
        raise WrongInputError("SAFEPOINT_TOKEN holds characters that no token has.")
    return found


def trust() -> ssl.SSLContext:
    """Whose certificates are believed: the system's, or those of SAFEPOINT_CA_FILE instead.

    Raises:
        WrongInputError: The file cannot be read, or holds none.
    """
    name = os.environ.get("SAFEPOINT_CA_FILE") or None
    try:
        return ssl.create_default_context(cafile=name)
    except OSError as error:
        raise WrongInputError(f"SAFEPOINT_CA_FILE holds no certificates, or is not there: {name}") from error
