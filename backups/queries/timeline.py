"""Everything that happened to one backup, told in order."""

from dataclasses import dataclass
from datetime import datetime

from backups.models import Backup, Event
from backups.queries import verbs


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `tone` is good, bad, waiting or neutral; no actor: Safepoint itself."""

    verb: str
    at: datetime
    title: str
    detail: str
    tone: str
    actor: str


def of(backup: Backup) -> list[Entry]:
    """The events of `backup`, oldest first. One query."""
    events = Event.objects.filter(backup=backup).select_related("actor").order_by("id")
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    return Entry(
        verb=event.verb,
        at=event.at,
        title=verbs.title(event.verb),
        detail=verbs.detail(event),
        tone=verbs.tone(event.verb),
        actor=event.actor.display_name if event.actor else "",
    )
