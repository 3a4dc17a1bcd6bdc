"""A credential's secrets, in and out of their sealed columns."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction

from backups.models import Credential
from backups.secrecy.sealing import KeyRing, SealError
from backups.secrecy.secret import Secret


@cache
def key_ring() -> KeyRing:
    """The keys of this process; raises `KeyFormatError` where none is configured."""
    return KeyRing(settings.CREDENTIAL_KEYS)


def seal_field(credential: Credential, field: str, secret: Secret | None) -> None:
    """Put `secret` into the sealed column of `field`; the caller saves."""
    place = credential.place_of(field)
    sealed = None if secret is None else key_ring().seal(secret, place=place)
    setattr(credential, f"{field}_sealed", sealed)


def open_field(credential: Credential, field: str) -> Secret:
    """The secret of `field`; raises `SealError` where the key or the place is wrong."""
    sealed = getattr(credential, f"{field}_sealed")
    return key_ring().open(bytes(sealed), place=credential.place_of(field))


def open_optional(credential: Credential, field: str) -> Secret | None:
    """The secret of `field`, or None where there is none."""
    if getattr(credential, f"{field}_sealed") is None:
        return None
    return open_field(credential, field)


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many credentials were sealed anew, and which do not open with any key of the list."""

    resealed: int
    leftovers: list[Credential]


def rotate() -> Rotation:
    """Seal every secret anew with the first key, a credential a transaction.

    What is sealed with the first key already is passed over, so it may be killed and run again.
    """
    resealed, leftovers = 0, []
    for credential in Credential.objects.select_related("project").order_by("pk"):
        try:
            resealed += _reseal(credential)
        except SealError:
            leftovers.append(credential)
    return Rotation(resealed, leftovers)


@transaction.atomic
def _reseal(credential: Credential) -> bool:
    credential = (
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .get(pk=credential.pk)
    )
    outdated = [field for field in Credential.SEALED_FIELDS if not _is_newest(credential, field)]
    for field in outdated:
        seal_field(credential, field, open_field(credential, field))
    if outdated:
        credential.save(update_fields=[f"{field}_sealed" for field in outdated])
    return bool(outdated)


def _is_newest(credential: Credential, field: str) -> bool:
    sealed = getattr(credential, f"{field}_sealed")
    return sealed is None or key_ring().is_newest(bytes(sealed))
