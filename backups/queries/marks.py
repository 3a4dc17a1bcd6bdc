"""The keys of the audit's chains, and whether an event's mark fits a place."""

from functools import cache

from django.conf import settings

from backups.models import Event
from backups.secrecy.chain import ChainKeys


def keys() -> ChainKeys:
    """The keys of this process; raises `KeyFormatError` where none is configured."""
    return _derived(tuple(settings.CREDENTIAL_KEYS))


@cache
def _derived(configured: tuple[str, ...]) -> ChainKeys:
    return ChainKeys(configured)


def fits(event: Event, number: int, previous: str) -> bool:
    """Whether `event` was written at place `number` after the mark `previous`; raises `UnknownKeyError`."""
    return keys().is_genuine(event.link(number=number, previous=previous), event.mark)
