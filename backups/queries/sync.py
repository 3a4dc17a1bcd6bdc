"""How far Safepoint knows what a project's cloud has, and what changed there lately."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backups.models import Event, Project
from backups.queries import verbs

OF_DRIFT = (
    "renamed",
    "gone",
    "vanished",
    "back",
    "status_told",
    "merged",
    "instance_renamed",
    "instance_gone",
    "instance_back",
)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class FirstReading:
    """How far the first reading of all backups is; `percent` is None until the cloud has said how many."""

    seen: int
    listed: int | None
    percent: int | None
    back_to: datetime | None


@dataclass(frozen=True, slots=True)
class Drift:
    """Something that was changed in the cloud, not from here. `subject`: the backup's or instance's name."""

    at: datetime
    title: str
    detail: str
    tone: str
    subject: str
    backup: UUID | None


def first_reading(project: Project) -> FirstReading | None:
    """How far it is, from kept figures; None once it is over."""
    if project.swept_at is not None:
        return None
    listed = project.backups_listed
    percent = min(100 * project.sweep_seen // listed, 99) if listed else None
    return FirstReading(project.sweep_seen, listed, percent, project.sweep_at)


def drift(project: Project) -> list[Drift]:
    """The last few changes, newest first. One query."""
    events = Event.objects.filter(project=project, verb__in=OF_DRIFT).select_related("backup")
    return [_drift(event) for event in events.order_by("-id")[:SHOWN]]


def _drift(event: Event) -> Drift:
    return Drift(
        at=event.at,
        title=verbs.title(event.verb),
        detail=verbs.detail(event),
        tone=verbs.tone(event.verb),
        subject=event.backup.name if event.backup else str(event.data.get("instance", "")),
        backup=event.backup_id,
    )
