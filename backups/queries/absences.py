"""Who stands in for whom, now and later."""

from datetime import datetime

from django.db.models import Q, QuerySet

from backups.models import Delegation, Membership, Role, Team, User


def visible_to(user: User) -> QuerySet[Delegation]:
    """The delegations of the teams of `user`."""
    rows = Delegation.objects.filter(team__in=Team.objects.visible_to(user))
    return rows.select_related("team", "absent", "deputy")


def concerning(user: User, *, at: datetime) -> QuerySet[Delegation]:
    """Those that are not over: of `user`, for `user`, and of the teams that `user` looks after."""
    looked_after = Membership.objects.filter(user=user, roles__contains=[Role.ADMIN]).values("team")
    mine = Q(absent=user) | Q(deputy=user) | Q(team__in=looked_after)
    return visible_to(user).filter(mine, ended_at=None, ends_at__gt=at).order_by("starts_at", "id")
