"""From where what is being done is asked for: said once by the face, read by the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str] = ContextVar("address", default="")


@contextmanager
def acting_from(address: str) -> Iterator[None]:
    """Everything within is asked for from `address`."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def address() -> str:
    """The address of whoever asked for what is being done; empty for what nobody asked for from elsewhere."""
    return _address.get()
