"""Who is in a team, as its page reads it."""

from django.db.models import QuerySet

from backups.models import Membership, Proposal, Team, User


def visible_to(user: User) -> QuerySet[Membership]:
    """The memberships of the teams of `user`."""
    return Membership.objects.filter(team__in=Team.objects.visible_to(user)).select_related("team", "user")


def of(team: Team) -> QuerySet[Membership]:
    """The members of `team` by name, also those whose account is disabled."""
    return Membership.objects.filter(team=team).select_related("user").order_by("user__username")


def open_proposals(team: Team) -> int:
    """How many changes wait for a second admin."""
    return Proposal.objects.filter(team=team, state=Proposal.State.OPEN).count()
