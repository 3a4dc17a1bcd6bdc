"""What became of what a team is told."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from backups.models import Channel, Delivery, Team, User

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """Deliveries, newest first, and the one after which the next page begins, or None."""

    rows: list[Delivery]
    next_before: UUID | None


def channels(team: Team) -> QuerySet[Channel]:
    """The channels of `team` in use, by name."""
    return Channel.objects.in_use().filter(team=team).order_by("name")


def visible_to(user: User) -> QuerySet[Channel]:
    """The channels in use of the reader's teams."""
    return Channel.objects.in_use().filter(team__in=Team.objects.visible_to(user)).select_related("team")


def of_channel(channel: Channel, *, state: str = "", before: UUID | None = None) -> LogPage:
    """Up to 50 deliveries of `channel`, newest first, all or those of a state, after `before`. One query."""
    found = Delivery.objects.filter(channel=channel, **({"state": state} if state else {}))
    if before:
        found = found.filter(pk__lt=before)
    rows = found.select_related("notice__event", "notice__backup", "recipient").order_by("-id")
    page = list(rows[: PAGE_SIZE + 1])
    has_more = len(page) > PAGE_SIZE
    return LogPage(page[:PAGE_SIZE], page[PAGE_SIZE - 1].pk if has_more else None)
