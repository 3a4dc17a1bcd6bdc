"""A team's targets: how old the data of an instance's newest good backup may be."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from backups.models import Environment, RpoTarget, Team, User
from backups.models.coverage import MOST_TARGET_HOURS
from backups.operations import audit, rights
from backups.operations.refusals import Refused
from backups.queries import targets

ENVIRONMENTS = (*Environment.values, "")
"""What a target is for; the empty one is for every other instance."""


class TargetRefused(Refused):
    """The target cannot be so; `field` is its environment."""


@audit.act
def change(team: Team, wanted: Mapping[str, int | None], *, by: User | None, at: datetime) -> None:
    """Have `wanted` hold from `at` on, in hours by environment; None or none is no target of its own.

    What held so far is kept for readings of the past. An event says from what to what, and none is written
    for no change. Not a rule of who may do what, so no second admin has to agree. No `by` is the
    operator at the terminal. Raises `rights.RightError` and `TargetRefused`.
    """
    rights.require_if_person(by, "manage_team", team)
    _check(wanted)
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    standing = targets.of(team)
    changed = {
        environment: [standing.get(environment), wanted.get(environment)]
        for environment in ENVIRONMENTS
        if standing.get(environment) != wanted.get(environment)
    }
    if not changed:
        return
    RpoTarget.objects.filter(team=team, ended_at=None, environment__in=changed).update(ended_at=at)
    RpoTarget.objects.bulk_create(
        RpoTarget(team=team, environment=environment, hours=hours, since=at)
        for environment, (_old, hours) in changed.items()
        if hours is not None
    )
    audit.record("targets_changed", team_id=team.pk, at=at, by=by, data=changed)


def _check(wanted: Mapping[str, int | None]) -> None:
    for environment, hours in wanted.items():
        if environment not in ENVIRONMENTS:
            raise TargetRefused("invalid", _("There is no such environment."), environment)
        if hours is not None and not 1 <= hours <= MOST_TARGET_HOURS:
            told = _("A target is from 1 to %(most)d hours.") % {"most": MOST_TARGET_HOURS}
            raise TargetRefused("invalid", told, environment)
