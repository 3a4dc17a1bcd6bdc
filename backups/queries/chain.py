"""The keys of the audit's chains."""

from functools import cache

from django.conf import settings

from backups.secrecy.chain import ChainKeys


def keys() -> ChainKeys:
    """The keys of this process; raises `KeyFormatError` where none is configured."""
    return _derived(tuple(settings.CREDENTIAL_KEYS))


@cache
def _derived(configured: tuple[str, ...]) -> ChainKeys:
    return ChainKeys(configured)
