"""Where a call goes: scheme, host and port, and nothing else that a URL can carry."""

import re
from dataclasses import dataclass

DEFAULT_PORTS = {"https": 443, "http": 80}
HIGHEST_PORT = 65535

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?/?",
    re.ASCII,
)


class NotAnOriginError(ValueError):
    """A URL that is more than an origin, or less."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A scheme, a host in lower case and a port."""

    scheme: str
    host: str
    port: int

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the scheme's own: the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


def read_origin(url: str) -> Origin:
    """The origin that `url` is, a slash at its end allowed; raises `NotAnOriginError`.

    The form is a short list of what is allowed, so that what other parsers disagree about (user
    names, fragments, backslashes, spaces, other alphabets) never comes as far as a parser.
    """
    found = _ORIGIN.fullmatch(url.lower()) if url.isascii() else None
    if found is None:
        raise NotAnOriginError("not an address of the form https://host or https://host:port")
    scheme = found["scheme"]
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    if port > HIGHEST_PORT:
        raise NotAnOriginError("not a port")
    return Origin(scheme, found["host"].strip("[]"), port)
