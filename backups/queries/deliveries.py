"""What became of what a team is told."""

from django.db.models import QuerySet

from backups.models import Channel, Delivery, Team, User

SHOWN = 50


def channels(team: Team) -> QuerySet[Channel]:
    """The channels of `team` in use, by name."""
    return Channel.objects.in_use().filter(team=team).order_by("name")


def visible_to(user: User) -> QuerySet[Channel]:
    """The channels in use of the reader's teams."""
    return Channel.objects.in_use().filter(team__in=Team.objects.visible_to(user)).select_related("team")


def of_channel(channel: Channel) -> QuerySet[Delivery]:
    """The newest deliveries of `channel`, newest first. One query."""
    rows = Delivery.objects.filter(channel=channel).select_related("notice__backup", "recipient")
    return rows.order_by("-id")[:SHOWN]
