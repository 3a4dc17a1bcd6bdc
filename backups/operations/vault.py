"""The secrets of credentials, channels and key pairs, in and out of their sealed columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction

from backups.models import Channel, Credential, KeyPair
from backups.secrecy.sealing import KeyRing, SealError
from backups.secrecy.secret import Secret

Keeper = Credential | Channel | KeyPair


@cache
def key_ring() -> KeyRing:
    """The keys of this process; raises `KeyFormatError` where none is configured."""
    return KeyRing(settings.CREDENTIAL_KEYS)


def seal_field(keeper: Keeper, field: str, secret: Secret | None) -> None:
    """Put `secret` into the sealed column of `field`; the caller saves."""
    place = keeper.place_of(field)
    sealed = None if secret is None else key_ring().seal(secret, place=place)
    setattr(keeper, f"{field}_sealed", sealed)


def open_field(keeper: Keeper, field: str) -> Secret:
    """The secret of `field`; raises `SealError` where the key or the place is wrong."""
    sealed = getattr(keeper, f"{field}_sealed")
    return key_ring().open(bytes(sealed), place=keeper.place_of(field))


def open_optional(keeper: Keeper, field: str) -> Secret | None:
    """The secret of `field`, or None where there is none."""
    if getattr(keeper, f"{field}_sealed") is None:
        return None
    return open_field(keeper, field)


def holds(keeper: Keeper, field: str, secret: Secret | None) -> bool:
    """Whether `secret` is what `field` holds, in constant time; what does not open is something else."""
    try:
        return open_optional(keeper, field) == secret
    except SealError:
        return False


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many rows with secrets were sealed anew, and which do not open with any key of the list."""

    resealed: int
    leftovers: list[Keeper]


def rotate() -> Rotation:
    """Seal every secret anew with the first key, a row a transaction.

    What is sealed with the first key already is passed over, so it may be killed and run again.
    """
    resealed, leftovers = 0, list[Keeper]()
    for keeper in keepers():
        try:
            resealed += _reseal(keeper)
        except SealError:
            leftovers.append(keeper)
    return Rotation(resealed, leftovers)


def keepers() -> Iterator[Keeper]:
    """Every row that holds secrets."""
    yield from Credential.objects.select_related("project").order_by("pk")
    yield from Channel.objects.order_by("pk")
    yield from KeyPair.objects.order_by("pk")


@transaction.atomic
def _reseal(keeper: Keeper) -> bool:
    type(keeper).objects.select_for_update(no_key=True).get(pk=keeper.pk)
    keeper.refresh_from_db(fields=[f"{field}_sealed" for field in keeper.SEALED_FIELDS])
    outdated = [field for field in keeper.SEALED_FIELDS if not _is_newest(keeper, field)]
    for field in outdated:
        seal_field(keeper, field, open_field(keeper, field))
    if outdated:
        keeper.save(update_fields=[f"{field}_sealed" for field in outdated])
    return bool(outdated)


def _is_newest(keeper: Keeper, field: str) -> bool:
    sealed = getattr(keeper, f"{field}_sealed")
    return sealed is None or key_ring().is_newest(bytes(sealed))
