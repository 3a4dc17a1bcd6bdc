"""What an event is an occasion to tell of; written down with the event itself, sent by others later."""

from collections.abc import Sequence

from backups.models import Channel, Event, Notice, Occasion, Source, Status
from backups.operations import wake

BY_VERB = {
    "approval_void": Occasion.ASKED,
    "reminded": Occasion.REMINDER,
    "decision_needed": Occasion.NEEDS_DECISION,
    "alarm_duplicate": Occasion.NEEDS_DECISION,
    "alarm_went_back": Occasion.NEEDS_DECISION,
    "alarm_overdue": Occasion.NEEDS_DECISION,
    "glass_broken": Occasion.BREAK_GLASS,
    "review_due": Occasion.REVIEW_DUE,
    "proposed": Occasion.PROPOSAL,
    "coverage_lost": Occasion.COVERAGE,
    "coverage_at_risk": Occasion.COVERAGE,
    "coverage_restored": Occasion.COVERAGE,
}
BY_STATUS = {
    Status.AWAITING_APPROVAL: Occasion.ASKED,
    Status.REJECTED: Occasion.DECIDED,
    Status.EXPIRED: Occasion.EXPIRED,
    Status.BUILDING: Occasion.STARTED,
    Status.COMPLETED: Occasion.COMPLETED,
    Status.AVAILABLE: Occasion.COMPLETED,
    Status.FAILED: Occasion.FAILED,
    Status.REFUSED: Occasion.FAILED,
    Status.VANISHED: Occasion.FAILED,
}


def occasion_of(event: Event) -> Occasion | None:
    """What `event` is an occasion to tell of, if anything.

    A backup that Safepoint itself cancelled has failed for whoever asked; a person who cancels knows it. Of
    what nobody asked for here, only alarms are told. What fills several events is told of with the first.
    """
    if event.verb in BY_VERB:
        return BY_VERB[event.verb] if event.data.get("part", 1) == 1 else None
    if event.verb == "approved" and event.to_status == Status.QUEUED:
        return Occasion.DECIDED
    if event.backup is not None and event.backup.source != Source.HERE:
        return None
    if event.to_status == Status.CANCELLED:
        return None if event.actor_id else Occasion.FAILED
    return BY_STATUS.get(Status(event.to_status)) if event.to_status else None


def changes_status(event: Event) -> bool:
    """Whether `event` gave a backup that was asked for here another status, or its first."""
    return bool(event.to_status) and event.backup is not None and event.backup.source == Source.HERE


def write(events: Sequence[Event]) -> None:
    """Write a notice of each of the stored `events` that a channel of its team wants to tell of.

    At most two queries, none for events that are no occasion; a worker is told after the commit.
    """
    told = [(event, occasions) for event in events if (occasions := _occasions(event))]
    if not told:
        return
    channels = Channel.objects.in_use().filter(team__in={event.team_id for event, _ in told})
    wanted = {
        (team, occasion)
        for team, occasions in channels.values_list("team", "occasions")
        for occasion in occasions
    }
    notices = [
        Notice(
            team_id=event.team_id,
            occasion=occasions[0],
            event=event,
            backup_id=event.backup_id,
            at=event.at,
        )
        for event, occasions in told
        if not wanted.isdisjoint((event.team_id, occasion) for occasion in occasions)
    ]
    if notices:
        Notice.objects.bulk_create(notices)
        wake.deliver()


def _occasions(event: Event) -> list[Occasion]:
    """What `event` is an occasion to tell of: its own, and that it is a change of a status."""
    own = occasion_of(event)
    return [*([own] if own else []), *([Occasion.STATE] if changes_status(event) else [])]
