"""API tokens as text: `spt_`, 32 random bytes and their checksum, in hex (security.md, row 14).

The prefix lets scanners of repositories and logs find one that got lost; the checksum tells a mistyped
or shortened one from a revoked one without asking the database.
"""

import hashlib
import re
import secrets
import zlib

from backups.secrecy.secret import Secret

PREFIX = "spt_"
HINT_CHARACTERS = 8
FORM = re.compile(rf"{PREFIX}([0-9a-f]{{64}})([0-9a-f]{{8}})", re.ASCII)


def new_token() -> Secret:
    """A token that nobody has seen."""
    random = secrets.token_hex(32)
    return Secret(f"{PREFIX}{random}{_checksum(random)}")


def is_whole(text: str) -> bool:
    """Whether `text` has the form of a token and its checksum."""
    parts = FORM.fullmatch(text)
    return parts is not None and _checksum(parts[1]) == parts[2]


def digest(text: str) -> str:
    """What is kept of a token: SHA-256 in hex. Of 256 random bits nothing slower is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def hint(text: str) -> str:
    """Its beginning, by which its owner knows it again."""
    return text[: len(PREFIX) + HINT_CHARACTERS]


def _checksum(random: str) -> str:
    return f"{zlib.crc32(random.encode()):08x}"
