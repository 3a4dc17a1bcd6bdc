"""Who is in a team, as its page reads it."""

from django.db.models import Q, QuerySet

from backups.models import Membership, Proposal, Role, Team, User


def visible_to(user: User) -> QuerySet[Membership]:
    """The memberships of the teams of `user`."""
    return Membership.objects.filter(team__in=Team.objects.visible_to(user)).select_related("team", "user")


def of(team: Team) -> QuerySet[Membership]:
    """The members of `team` by name, also those whose account is disabled."""
    return Membership.objects.filter(team=team).select_related("user").order_by("user__username")


def signing_in_for(user: User) -> QuerySet[Membership]:
    """The seats for which `user` may make tokens: his own, then his teams' service accounts; by team."""
    looked_after = Membership.objects.filter(user=user, roles__contains=[Role.ADMIN]).values("team")
    services = Q(user__is_service=True, user__is_active=True, team__in=looked_after)
    rows = Membership.objects.filter(Q(user=user) | services).select_related("team", "user")
    return rows.order_by("team__name", "user__is_service", "user__username")


def open_proposals(team: Team) -> int:
    """How many changes wait for a second admin."""
    return Proposal.objects.filter(team=team, state=Proposal.State.OPEN).count()
