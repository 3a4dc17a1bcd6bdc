"""System checks of the configuration: each says what is wrong and what to do."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from backups.models import Channel, Credential
from backups.operations import vault
from backups.secrecy.sealing import KeyFormatError, KeyRing, SealError


@register(Tags.security)
def credential_keys_are_usable(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """CREDENTIAL_KEYS must be a list of 32-byte keys (security.md, row 1)."""
    try:
        KeyRing(settings.CREDENTIAL_KEYS)
    except KeyFormatError as error:
        return [
            Error(
                f"CREDENTIAL_KEYS cannot be used: {error}.",
                hint="Run `manage.py make_keys`, or set CREDENTIAL_KEYS to the keys you saved.",
                id="backups.E001",
            )
        ]
    return []


@register(Tags.database)
def credentials_open(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """Every stored secret must open with the configured keys (security.md, row 2)."""
    if not databases or credential_keys_are_usable(app_configs):
        return []
    stored = {model._meta.db_table for model in (Channel, Credential)}
    if not stored <= set(connection.introspection.table_names()):
        return []  # before the migrations there is nothing to open, or not all of it can be read
    return [
        Error(
            f"The stored secrets of “{keeper}” do not open with CREDENTIAL_KEYS.",
            hint="Put the key they were sealed with back into CREDENTIAL_KEYS (any position but the first).",
            id="backups.E002",
        )
        for keeper in vault.keepers()
        if not _opens(keeper)
    ]


def _opens(keeper: vault.Keeper) -> bool:
    try:
        for field in keeper.SEALED_FIELDS:
            vault.open_optional(keeper, field)
    except SealError:
        return False
    return True
