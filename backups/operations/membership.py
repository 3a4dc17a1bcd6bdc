"""Who belongs to a team, and what each may do in it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backups.models import Membership, Policy, Role, Team, User
from backups.models.people import SERVICE_ROLES
from backups.operations import deputies, policies
from backups.operations.refusals import Refused
from backups.queries import approvers


class MemberRefused(Refused):
    """The person cannot have these roles."""


def check(team: Team, wanted: dict[str, Any]) -> None:
    """`wanted` is {"username", "roles", "may_break_glass"}; no roles take the person out of the team.

    With "despite" it may leave policies that nobody can satisfy. Raises `MemberRefused`: nobody of that name,
    no such role, nothing that would change, a team left without an admin, or such a policy.
    """
    person = User.objects.filter(username=wanted["username"]).first()
    roles = set(wanted["roles"])
    # Whose account is disabled can be taken out, and given nothing.
    if person is None or (roles and not person.is_active):
        raise MemberRefused("unknown", _("There is nobody of that name."), "username")
    if not roles <= set(Role.values):
        raise MemberRefused("invalid", _("There is no such role."), "roles")
    if person.is_service and (roles - set(SERVICE_ROLES) or wanted.get("may_break_glass")):
        told = _("A service account is a viewer or a requester: it may ask, and decides nothing.")
        raise MemberRefused("service", told, "roles")
    if wanted.get("may_break_glass") and Role.REQUESTER not in roles:
        raise MemberRefused("invalid", _("Only a requester may break the glass."), "may_break_glass")
    _check_difference(team, person, wanted)
    admins = {row.user.username for row in approvers.active_members(team) if Role.ADMIN in row.roles}
    if Role.ADMIN not in roles and not admins - {wanted["username"]}:
        raise MemberRefused("last_admin", _("A team needs an admin."), "roles")
    if not wanted.get("despite") and (broken := _would_break(team, person, roles)):
        told = _(
            "Nobody could satisfy %(policies)s any more: requests under it would wait until they expire."
        )
        names = ", ".join(f"“{policy.name}”" for policy in broken)
        raise MemberRefused("unsatisfiable", told % {"policies": names}, "despite")


def change(team: Team, wanted: dict[str, Any], at: datetime) -> None:
    """Give the person these roles, or take him out of the team."""
    person = User.objects.get(username=wanted["username"])
    if wanted["roles"]:
        _give(team, person, wanted, at=at)
    else:
        Membership.objects.filter(team=team, user=person).delete()
    deputies.end_void(team, at=at)


def _give(team: Team, person: User, wanted: dict[str, Any], *, at: datetime) -> None:
    given = {"roles": sorted(wanted["roles"]), "may_break_glass": bool(wanted.get("may_break_glass"))}
    Membership.objects.update_or_create(
        team=team, user=person, defaults=given, create_defaults=given | {"since": at}
    )


def _check_difference(team: Team, person: User, wanted: dict[str, Any]) -> None:
    row = Membership.objects.filter(team=team, user=person).first()
    now = (set(row.roles), row.may_break_glass) if row else (set(), False)
    if now == (set(wanted["roles"]), bool(wanted.get("may_break_glass"))):
        told = _("That is so already.") if row else _("%(person)s is not a member.")
        raise MemberRefused("same", told % {"person": person.display_name}, "roles")


def _would_break(team: Team, person: User, roles: set[str]) -> list[Policy]:
    """The policies that can be satisfied now, and could not any more; without four eyes none asks."""
    if not team.four_eyes:
        return []
    rows = list(approvers.active_members(team))
    others = [row for row in rows if row.user != person]
    after = [*others, Membership(team=team, user=person, roles=sorted(roles))]
    lost = policies.unsatisfiable(team, rows)
    return [policy for policy in policies.unsatisfiable(team, after) if policy not in lost]
