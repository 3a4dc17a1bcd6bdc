"""What goes over the wire and what comes back; their repr shows no header and no body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message

from backups.cloud.origins import Origin
from backups.contract.signing import canonical_query
from backups.secrecy.secret import Secret

_SECRET_HEADERS = frozenset({"Authorization", "X-Auth-Token", "X-Security-Token"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `is_reading`: it changes nothing, so a kept connection may carry it."""

    method: str
    origin: Origin
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    is_body_secret: bool = False

    @property
    def is_reading(self) -> bool:
        """Whether it changes nothing in the cloud."""
        return self.method == "GET"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets in its headers."""
        return tuple(Secret(value) for name, value in self.headers.items() if name in _SECRET_HEADERS)

    @property
    def target(self) -> str:
        """Path and query in the form that is signed and sent."""
        return f"{self.path}?{canonical_query(self.query)}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole address, for people."""
        return f"{self.origin}{self.target}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status with what could be read of its body; `flaw` says why that is not all of it."""

    status: int
    headers: Message = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    flaw: str = ""
