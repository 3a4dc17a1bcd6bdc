"""The guard over every address that a stored endpoint can make us connect to (security.md, row 5)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from backups.cloud.addresses import (
    Address,
    NotResolvedError,
    Resolve,
    addresses_of,
    is_never_meant,
    is_public,
    resolve_within,
)
from backups.cloud.errors import CloudNotSent, EndpointRefused
from backups.cloud.origins import DEFAULT_PORTS, NotAnOriginError, Origin, read_origin
from backups.contract.regions import is_cloud_host

RESOLVE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: addresses that were checked, and the host name that TLS verifies."""

    host: str
    port: int
    addresses: tuple[str, ...]
    is_tls: bool

    @property
    def address(self) -> str:
        """The address to try first."""
        return self.addresses[0]


class Guard:
    """Lets through the cloud's own hosts over https, and the operator's origins; nothing else.

    1. The URL is an origin in a strict form: no user name, path, query or fragment.
    2. Its host is an expected one, the cloud's own unless told otherwise, on the port of https, or the exact
       origin is in the operator's list.
    3. The name is resolved once, and every address must be public; behind an operator's origin also a
       private one. The addresses that were checked are the ones connected to.
    """

    def __init__(
        self,
        allowed_origins: Collection[str] = frozenset(),
        *,
        resolve: Resolve = addresses_of,
        is_expected: Callable[[str], bool] = is_cloud_host,
    ) -> None:
        """Raises `NotAnOriginError` for an entry of the operator's list that is none."""
        self._allowed = frozenset(map(read_origin, allowed_origins))
        self._resolve = resolve
        self._is_expected = is_expected

    def origin(self, url: str) -> Origin:
        """The origin that `url` names, without asking the network; raises `EndpointRefused`."""
        try:
            origin = read_origin(url)
        except NotAnOriginError as error:
            raise EndpointRefused(str(error), at_step="resolve", field="endpoint") from None
        is_https = origin.is_tls and origin.port == DEFAULT_PORTS["https"]
        if origin in self._allowed or (is_https and self._is_expected(origin.host)):
            return origin
        raise EndpointRefused(
            "neither the cloud's own host nor one that the operator allows",
            at_step="resolve",
            field="endpoint",
        )

    def check(self, url: str, *, within_seconds: float = RESOLVE_SECONDS) -> Target:
        """Where a call to `url` may connect; raises `CloudNotSent`, mostly as `EndpointRefused`."""
        origin = self.origin(url)
        try:
            found = resolve_within(self._resolve, origin.host, origin.port, seconds=within_seconds)
        except NotResolvedError as error:
            raise CloudNotSent(str(error), at_step="resolve", field="endpoint") from None
        if not all(self._is_allowed(address, origin) for address in found):
            raise EndpointRefused(
                "the name leads to an address inside a network",
                at_step="resolve",
                field="endpoint",
            )
        return Target(origin.host, origin.port, tuple(map(str, found)), origin.is_tls)

    def _is_allowed(self, address: Address, origin: Origin) -> bool:
        if origin in self._allowed:
            return not is_never_meant(address)
        return is_public(address)
