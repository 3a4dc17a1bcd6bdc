"""Who belongs to a team, and what each may do in it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backups.models import Membership, Role, Team, User
from backups.operations.refusals import Refused
from backups.queries import approvers


class MemberRefused(Refused):
    """The person cannot have these roles."""


def check(team: Team, wanted: dict[str, Any]) -> None:
    """`wanted` is {"username", "roles", "may_break_glass"}; no roles take the person out of the team.

    Raises `MemberRefused`: nobody of that name, no such role, or a team left without an admin.
    """
    if not User.objects.filter(username=wanted["username"], is_active=True).exists():
        raise MemberRefused("unknown", _("There is nobody of that name."), "username")
    roles = set(wanted["roles"])
    if not roles <= set(Role.values):
        raise MemberRefused("invalid", _("There is no such role."), "roles")
    if wanted.get("may_break_glass") and Role.REQUESTER not in roles:
        raise MemberRefused("invalid", _("Only a requester may break the glass."), "may_break_glass")
    admins = {row.user.username for row in approvers.active_members(team) if Role.ADMIN in row.roles}
    if Role.ADMIN not in roles and not admins - {wanted["username"]}:
        raise MemberRefused("last_admin", _("A team needs an admin."), "roles")


def change(team: Team, wanted: dict[str, Any], _at: datetime) -> None:
    """Give the person these roles, or take him out of the team."""
    person = User.objects.get(username=wanted["username"])
    if not wanted["roles"]:
        Membership.objects.filter(team=team, user=person).delete()
        return
    Membership.objects.update_or_create(
        team=team,
        user=person,
        defaults={"roles": sorted(wanted["roles"]), "may_break_glass": bool(wanted.get("may_break_glass"))},
    )
