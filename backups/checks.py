"""System checks of the configuration: each says what is wrong and what to do."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from backups.models import Credential
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
    if Credential._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migration there is nothing to open
    closed = [
        credential
        for credential in Credential.objects.select_related("project").order_by("pk")
        if not _opens(credential)
    ]
    return [
        Error(
            f"The stored credential of project “{credential.project}” does not open with CREDENTIAL_KEYS.",
            hint="Put the key it was sealed with back into CREDENTIAL_KEYS (any position but the first).",
            id="backups.E002",
        )
        for credential in closed
    ]


def _opens(credential: Credential) -> bool:
    try:
        for field in Credential.SEALED_FIELDS:
            vault.open_optional(credential, field)
    except SealError:
        return False
    return True
