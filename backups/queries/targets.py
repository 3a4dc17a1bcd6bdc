"""The targets of teams, as they hold and held."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from backups.models import RpoTarget, Team


def of(team: Team) -> dict[str, int]:
    """The targets of `team` that hold now, in hours by environment; "" is every other one."""
    return dict(RpoTarget.objects.filter(team=team, ended_at=None).values_list("environment", "hours"))


def held(teams: Iterable[Team], *, at: datetime) -> dict[int, dict[str, int]]:
    """What `of` gave at `at`, by the key of each team that had any. One query."""
    rows = RpoTarget.objects.filter(team__in=[team.pk for team in teams], since__lte=at)
    found: dict[int, dict[str, int]] = {}
    for row in rows.filter(Q(ended_at=None) | Q(ended_at__gt=at)).order_by("team", "environment"):
        found.setdefault(row.team_id, {})[row.environment] = row.hours
    return found
