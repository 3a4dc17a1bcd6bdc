"""Which network addresses we connect to (security.md, row 5), and how a name becomes addresses."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_METADATA = frozenset(
    map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
"""Metadata services of clouds that do not stand at a link-local address."""


class NotResolvedError(OSError):
    """A name that led to no address in time."""


def is_public(address: Address) -> bool:
    """Whether `address` belongs to the open internet: not private, local, shared or reserved."""
    if is_never_meant(address):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    if address in _NAT64:
        return is_public(_last_four_bytes(address))
    return address in _GLOBAL_UNICAST and address not in _SIX_TO_FOUR and address.is_global


def is_never_meant(address: Address) -> bool:
    """Whether nobody means `address`, not even an operator who allows a private cloud.

    Link-local and metadata services, multicast, and the address that means "any".
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or (_last_four_bytes(address) if address in _NAT64 else None)
        if inner is not None:
            return is_never_meant(inner)
    odd = address.is_link_local or address.is_multicast or address.is_unspecified
    return odd or address in _METADATA


def addresses_of(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver gives for `host`, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def resolve_within(resolve: Resolve, host: str, port: int, *, seconds: float) -> list[Address]:
    """The addresses of `host`; raises `NotResolvedError` where there is none in time.

    The system's resolver knows no deadline, so it runs in a thread that is left behind when it is late.
    """
    outcome: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    thread = threading.Thread(
        target=_resolve_into, args=(outcome, resolve, host, port), name="resolve", daemon=True
    )
    thread.start()
    try:
        found = outcome.get(timeout=seconds)
    except queue.Empty:
        raise NotResolvedError("the resolver gave no answer in time") from None
    if isinstance(found, Exception):
        raise NotResolvedError(f"the name does not resolve: {found}")
    return _parse(found)


def _resolve_into(
    outcome: queue.SimpleQueue[Sequence[str] | Exception], resolve: Resolve, host: str, port: int
) -> None:
    try:
        outcome.put(resolve(host, port))
    except (OSError, UnicodeError) as error:
        outcome.put(error)


def _parse(texts: Sequence[str]) -> list[Address]:
    try:
        found = [ipaddress.ip_address(text) for text in dict.fromkeys(texts)]
    except ValueError:
        raise NotResolvedError("the resolver's answer holds no address") from None
    if not found:
        raise NotResolvedError("the name has no address")
    return found


def _last_four_bytes(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
