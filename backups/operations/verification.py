"""Seeing that the audit's chains are whole, and telling the log where they end."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import F, Q, QuerySet

from backups.models import AuditHead
from backups.queries import chain
from backups.queries.chain import BEGINNING, Place, Walk

logger = structlog.get_logger(__name__)

EVERY = timedelta(minutes=5)
WHOLE_EVERY = timedelta(hours=24)


def take_turn(*, at: datetime) -> None:
    """What the reconciler does for the audit, as often as it likes."""
    export_heads(at=at)
    verify_due(at=at)


def export_heads(*, at: datetime) -> None:
    """Write to the log where each team's chain ends, every few minutes and if it has grown.

    A log that is kept elsewhere is out of reach of whoever has the database: there it is missed when
    events are cut off.
    """
    for head in _unexported(at).select_related("team"):
        exported = _unexported(at).filter(pk=head.pk).update(exported_number=head.number, exported_at=at)
        if exported:
            logger.info(
                "audit head",
                team=head.team.slug,
                team_id=head.team_id,
                number=head.number,
                mac=head.mac,
                at=at.isoformat(),
            )


def verify_due(*, at: datetime) -> None:
    """Verify, every few minutes, what each chain has grown by; once a day all of it.

    A broken chain goes to the log as an error each time, until it is whole again.
    """
    for head in _unverified(at).select_related("team"):
        if not _unverified(at).filter(pk=head.pk).update(verified_at=at):
            continue
        is_whole_due = head.verified_whole_at is None or head.verified_whole_at <= at - WHOLE_EVERY
        after = BEGINNING if is_whole_due else Place(head.verified_number, head.verified_mac)
        found = chain.walk(head.team_id, after=after)
        _keep(head, found, is_whole=is_whole_due, at=at)


def verify(head: AuditHead, *, exported: Iterable[Place] = (), at: datetime) -> Walk:
    """Verify all of a team's chain, also against exported heads; the audit page shows the result."""
    found = chain.walk(head.team_id, exported=exported)
    _keep(head, found, is_whole=True, at=at)
    return found


def _keep(head: AuditHead, found: Walk, *, is_whole: bool, at: datetime) -> None:
    kept: dict[str, Any] = {
        "verified_number": found.sound.number,
        "verified_mac": found.sound.mac,
        "verified_at": at,
    }
    if found.broken:
        logger.error(
            "audit chain broken",
            team=head.team.slug,
            team_id=head.team_id,
            number=found.broken.number,
            damage=found.broken.damage.value,
        )
        kept |= {"broken_at": head.broken_at or at}
        kept |= {"broken_number": found.broken.number, "damage": found.broken.damage}
    elif is_whole or not head.damage:
        kept |= {"broken_at": None, "broken_number": None, "damage": ""}
    if is_whole:
        kept |= {"verified_whole_at": at}
    AuditHead.objects.filter(pk=head.pk).update(**kept)


def _unexported(at: datetime) -> QuerySet[AuditHead]:
    is_due = Q(exported_at=None) | Q(exported_at__lte=at - EVERY)
    return AuditHead.objects.filter(is_due, number__gt=F("exported_number")).order_by("pk")


def _unverified(at: datetime) -> QuerySet[AuditHead]:
    is_due = Q(verified_at=None) | Q(verified_at__lte=at - EVERY)
    return AuditHead.objects.filter(is_due).order_by("pk")
