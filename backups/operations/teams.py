"""A team's own rules: when a backup is overdue, and whether one is sent again without asking."""

from datetime import datetime

from backups.models import Team, User
from backups.operations import audit, rights


@audit.act
def change_settings(
    team: Team, *, overdue_hours: int, resends_automatically: bool, by: User, at: datetime
) -> None:
    """Change the settings of `team`; an event says from what to what, and none is written for no change.

    Raises `rights.RightError`.
    """
    rights.require(by, "manage_team", team)
    wanted = {"overdue_hours": overdue_hours, "resends_automatically": resends_automatically}
    stored = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    changed = {
        name: [getattr(stored, name), value]
        for name, value in wanted.items()
        if getattr(stored, name) != value
    }
    if not changed:
        return
    Team.objects.filter(pk=team.pk).update(**wanted)
    audit.record("team_changed", team_id=team.pk, at=at, by=by, data=changed)
