"""What came of a call to the cloud, in words: the details of its events."""

from typing import Any

from django.utils.translation import gettext as _


def attempt(data: dict[str, Any]) -> str:
    """Which call it was."""
    return _("Attempt %(attempt)s") % {"attempt": data.get("attempt", "?")}


def cloud_id(data: dict[str, Any]) -> str:
    """What the cloud calls it."""
    return _("as %(id)s") % {"id": data.get("cloud_id", "?")}


def next_try(data: dict[str, Any]) -> str:
    """When it is tried again."""
    return _("Nothing was created. Safepoint tries again after %(seconds)d s.") % {
        "seconds": data.get("seconds", 0)
    }


def looking(_data: dict[str, Any]) -> str:
    """Why it is looked for."""
    return _(
        "The cloud may have the backup or not. Safepoint looks in the cloud’s list before it does "
        "anything else, so that nothing is made twice."
    )


def in_doubt(_data: dict[str, Any]) -> str:
    """Why it is looked for before it is sent."""
    return _(
        "A call may have been made that this database does not know of, so Safepoint looks in the cloud’s "
        "list first."
    )


def last_look(_data: dict[str, Any]) -> str:
    """What happens before it is sent again."""
    return _("Safepoint looks once more right before it sends.")


def not_found(_data: dict[str, Any]) -> str:
    """Why it is sent again."""
    return _("The last look did not show it either, so the call is made once more.")


def still_watched(_data: dict[str, Any]) -> str:
    """What happens after it was closed."""
    return _("Safepoint goes on looking for 24 hours after the call; what arrives late is taken in.")


def twins(data: dict[str, Any]) -> str:
    """What else is there."""
    return _("also there: %(ids)s") % {"ids": ", ".join(str(data.get("detail", "")).split()) or "?"}


def went_back(data: dict[str, Any]) -> str:
    """What the cloud says now."""
    return _("the cloud says “%(status)s” now") % {"status": data.get("detail", "")}
