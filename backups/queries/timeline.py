"""Everything that happened to one backup, told in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups.models import Backup, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `tone` is good, bad, waiting or neutral; no actor: Safepoint itself."""

    at: datetime
    title: str
    detail: str
    tone: str
    actor: str


TITLES: dict[str, tuple[Promise, str]] = {
    "requested": (gettext_lazy("Asked for"), "neutral"),
    "submitting": (gettext_lazy("Sent to the cloud"), "neutral"),
    "accepted": (gettext_lazy("Accepted by the cloud"), "good"),
    "found": (gettext_lazy("Found in the cloud’s list"), "good"),
    "completed": (gettext_lazy("Completed"), "good"),
    "failed": (gettext_lazy("Failed in the cloud"), "bad"),
    "refused": (gettext_lazy("Refused by the cloud"), "bad"),
    "later": (gettext_lazy("Told to come back later"), "waiting"),
    "not_sent": (gettext_lazy("The cloud was not reached"), "waiting"),
    "sign_in_failed": (gettext_lazy("The cloud did not accept the credential"), "bad"),
    "no_clear_answer": (gettext_lazy("No clear answer"), "waiting"),
    "lease_ended": (gettext_lazy("The worker did not come back"), "waiting"),
    "cancelled": (gettext_lazy("Cancelled"), "bad"),
}


def of(backup: Backup) -> list[Entry]:
    """The events of `backup`, oldest first. One query."""
    events = Event.objects.filter(backup=backup).select_related("actor").order_by("id")
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    title, tone = TITLES.get(event.verb, (event.verb, "neutral"))
    describe = DETAILS.get(event.verb)
    return Entry(
        at=event.at,
        title=str(title),
        detail=describe(event.data) if describe else "",
        tone=tone,
        actor=event.actor.display_name if event.actor else "",
    )


def _attempt(data: dict[str, Any]) -> str:
    return _("Attempt %(attempt)s") % {"attempt": data.get("attempt", "?")}


def _cloud_id(data: dict[str, Any]) -> str:
    return _("as %(id)s") % {"id": data.get("cloud_id", "?")}


def _next_try(data: dict[str, Any]) -> str:
    return _("Nothing was created. Safepoint tries again after %(seconds)d s.") % {
        "seconds": data.get("seconds", 0)
    }


def _looking(_data: dict[str, Any]) -> str:
    return _(
        "The cloud may have the backup or not. Safepoint looks in the cloud’s list before it does "
        "anything else, so that nothing is made twice."
    )


DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "submitting": _attempt,
    "accepted": _cloud_id,
    "found": _cloud_id,
    "later": _next_try,
    "not_sent": _next_try,
    "sign_in_failed": _next_try,
    "no_clear_answer": _looking,
    "lease_ended": _looking,
}
