"""A team: how one comes to be, and its own rules: when a backup is overdue, and whether one is sent again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from django.utils.text import slugify
from django.utils.translation import gettext as _

from backups.models import Channel, Membership, Role, Service, Team, User
from backups.operations import audit, rights
from backups.operations.refusals import Refused


class TeamRefused(Refused):
    """The team cannot be made so."""


@audit.act
def create(name: str, members: Mapping[User, Sequence[Role]], *, by: User | None, at: datetime) -> Team:
    """Make a team of `members` with its first channel of mail; raises `TeamRefused` where none is an admin.

    No `by` is the operator at the terminal.
    """
    if not any(Role.ADMIN in roles for roles in members.values()):
        raise TeamRefused("no_admin", _("A team needs an admin."), "members")
    team = Team.objects.create(name=name, slug=_free_slug(name))
    Membership.objects.bulk_create(
        Membership(team=team, user=user, roles=list(roles), since=at) for user, roles in members.items()
    )
    Channel.objects.create(
        team=team, service=Service.EMAIL, name=_("The people concerned"), occasions=Service.EMAIL.occasions
    )
    told = [f"{user.username} ({', '.join(roles)})" for user, roles in members.items()]
    audit.record("team_created", team_id=team.pk, at=at, by=by, data={"name": name, "members": told})
    return team


def _free_slug(name: str) -> str:
    """The name as it stands in addresses; of names that look alike there the later ones get a number."""
    slug = slugify(name)[:90] or "team"
    numbered = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(each for each in numbered if not Team.objects.filter(slug=each).exists())


@audit.act
def change_settings(
    team: Team, *, overdue_hours: int, resends_automatically: bool, by: User | None, at: datetime
) -> None:
    """Change the settings of `team`; an event says from what to what, and none is written for no change.

    No `by` is the operator at the terminal. Raises `rights.RightError`.
    """
    rights.require_if_person(by, "manage_team", team)
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
