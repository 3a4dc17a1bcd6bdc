"""A backup's life: its statuses and the arrows between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a backup stands. The cloud's own words keep their exact spelling."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL", _("Awaiting approval")
    QUEUED = "QUEUED", _("Queued")
    SUBMITTING = "SUBMITTING", _("Submitting")
    UNCONFIRMED = "UNCONFIRMED", _("Unconfirmed")
    BUILDING = "BUILDING", _("Building")
    COMPLETED = "COMPLETED", _("Completed")
    AVAILABLE = "AVAILABLE", _("Available")
    FAILED = "FAILED", _("Failed")
    REFUSED = "REFUSED", _("Refused")
    REJECTED = "REJECTED", _("Rejected")
    EXPIRED = "EXPIRED", _("Expired")
    CANCELLED = "CANCELLED", _("Cancelled")
    VANISHED = "VANISHED", _("Vanished")
    DELETING = "DELETING", _("Deleting")
    DELETED = "DELETED", _("Deleted")
    UNKNOWN = "UNKNOWN", _("Unknown")


class Source(models.TextChoices):
    """Where a backup was asked for."""

    HERE = "here", _("Safepoint")
    ELSEWHERE = "elsewhere", _("Made elsewhere")
    AUTOMATIC = "automatic", _("Automatic policy")


ARROWS: dict[Status, frozenset[Status]] = {
    Status.AWAITING_APPROVAL: frozenset({Status.QUEUED, Status.REJECTED, Status.EXPIRED, Status.CANCELLED}),
    Status.QUEUED: frozenset(
        {
            Status.SUBMITTING,
            Status.CANCELLED,
            Status.EXPIRED,
            Status.AWAITING_APPROVAL,
            # Whether a call was made is in doubt after all: a restored database, a call that arrived late.
            Status.UNCONFIRMED,
        }
    ),
    Status.SUBMITTING: frozenset({Status.BUILDING, Status.QUEUED, Status.REFUSED, Status.UNCONFIRMED}),
    Status.UNCONFIRMED: frozenset(
        {
            Status.BUILDING,
            Status.COMPLETED,
            Status.AVAILABLE,
            Status.FAILED,
            Status.QUEUED,
            Status.CANCELLED,
        }
    ),
    Status.BUILDING: frozenset({Status.COMPLETED, Status.AVAILABLE, Status.FAILED, Status.VANISHED}),
    Status.COMPLETED: frozenset({Status.DELETING, Status.VANISHED}),
    Status.AVAILABLE: frozenset({Status.DELETING, Status.VANISHED}),
    Status.DELETING: frozenset({Status.DELETED}),
    # A word of the cloud that nobody here knows: kept as it is, and never guessed at.
    Status.UNKNOWN: frozenset(
        {Status.BUILDING, Status.COMPLETED, Status.AVAILABLE, Status.FAILED, Status.VANISHED}
    ),
    # The cloud's list shows it again.
    Status.VANISHED: frozenset(
        {Status.BUILDING, Status.COMPLETED, Status.AVAILABLE, Status.FAILED, Status.UNKNOWN}
    ),
    # Closed by a person while its fate was unknown, and found in the cloud's list after all.
    Status.CANCELLED: frozenset({Status.COMPLETED, Status.AVAILABLE, Status.FAILED}),
}
"""Every allowed change of status (design.md, "A backup's life"); a status without a row is an end."""

MOVING = frozenset({Status.QUEUED, Status.SUBMITTING, Status.UNCONFIRMED, Status.BUILDING, Status.DELETING})
"""Safepoint itself has a next step to take."""

OCCUPYING = frozenset({Status.SUBMITTING, Status.UNCONFIRMED, Status.BUILDING})
"""The cloud works, or may work, on the instance: the next backup of it waits its turn."""

GOOD = frozenset({Status.COMPLETED, Status.AVAILABLE})
"""A backup that can be restored from."""

BAD = frozenset({Status.FAILED, Status.REFUSED, Status.VANISHED})
"""It was to be there, and is not."""

GONE = frozenset({Status.DELETED, Status.VANISHED})
"""It was there once."""

OPEN = MOVING | {Status.AWAITING_APPROVAL}
"""Somebody or something still has to act."""

FINAL = frozenset(Status) - OPEN
"""Nothing more happens by itself."""

LIVE = OPEN | GOOD
"""The name is taken on its instance."""

IN_CLOUD = frozenset({Status.BUILDING, Status.DELETING, Status.DELETED, Status.UNKNOWN}) | GOOD
"""The cloud has given it an id."""

LISTED = frozenset({Status.FAILED, Status.UNKNOWN}) | GOOD
"""Nothing runs, and the cloud's list should show it."""


def values(statuses: frozenset[Status]) -> list[str]:
    """The statuses as sorted plain values, for constraints and queries."""
    return sorted(status.value for status in statuses)


def in_sql(statuses: frozenset[Status]) -> str:
    """The statuses as SQL lists them: a plan that is made for all values may use the index of just these."""
    return ", ".join(f"'{value}'" for value in values(statuses))
