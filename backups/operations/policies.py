"""A team's policies: what must hold of one, and how it comes and goes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from backups.models import Membership, Policy, Project, Team
from backups.operations.refusals import Refused
from backups.queries import approvers, policies

FIELDS = (
    "name", "weight", "environment", "label", "weekdays", "window_from", "window_until", "zone", "approvals",
    "approve_by_hours", "run_by_hours",
)  # fmt: skip
"""What a change of kind "policy" holds, as JSON; with "id" where one is replaced, and "project"."""


class PolicyRefused(Refused):
    """The policy cannot be so."""


def check(team: Team, wanted: dict[str, Any]) -> None:
    """Whether `wanted` may become a policy of `team`; raises `PolicyRefused` at the first wrong field.

    One that nobody could satisfy is refused: no requester has so many approvers beside himself.
    """
    policy = _read(team, wanted)
    if policy.zone not in available_timezones():
        raise PolicyRefused("invalid", _("There is no such time zone."), "zone")
    try:
        policy.full_clean(exclude=["id"], validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise PolicyRefused("invalid", messages[0], None if field == NON_FIELD_ERRORS else field) from error
    if (policy.window_from is None) != (policy.window_until is None):
        raise PolicyRefused("invalid", _("A window has a beginning and an end."), "window_until")
    namesakes = policies.in_force(team).filter(name=policy.name)
    if [row for row in namesakes if str(row.pk) != wanted.get("id")]:
        raise PolicyRefused("taken", _("There is a policy of that name."), "name")
    if not can_be_satisfied(team, policy.approvals):
        raise PolicyRefused("nobody", _("Nobody could satisfy it: there are too few approvers."), "approvals")


def can_be_satisfied(team: Team, approvals: int, members: Iterable[Membership] | None = None) -> bool:
    """Whether the request of at least one requester could get so many approvals."""
    rows = list(approvers.active_members(team) if members is None else members)
    if approvers.requesters(rows):
        return bool(approvers.satisfied_for(team, approvals, rows))
    return approvals <= len(approvers.approvers_of(rows))


def unsatisfiable(team: Team, members: Iterable[Membership] | None = None) -> list[Policy]:
    """The policies that nobody can satisfy any more, since people have left; or could, were `members` all."""
    rows = list(approvers.active_members(team) if members is None else members)
    return [row for row in policies.in_force(team) if not can_be_satisfied(team, row.approvals, rows)]


def save(team: Team, wanted: dict[str, Any], at: datetime) -> None:
    """Put the policy in force; the one it replaces is kept as retired. The team has four eyes from now on."""
    if wanted.get("id"):
        retire(team, wanted, at)
    _read(team, wanted).save(force_insert=True)
    Team.objects.filter(pk=team.pk).update(four_eyes=True)


def check_retired(team: Team, wanted: dict[str, Any]) -> None:
    """Whether the policy "id" is in force; raises `PolicyRefused`."""
    if not policies.in_force(team).filter(pk=wanted["id"]).exists():
        raise PolicyRefused("gone", _("This policy is not in force any more."))


def retire(team: Team, wanted: dict[str, Any], at: datetime) -> None:
    """Take the policy "id" out of force."""
    policies.in_force(team).filter(pk=wanted["id"]).update(retired_at=at)


def _read(team: Team, wanted: dict[str, Any]) -> Policy:
    project = None
    if wanted.get("project"):
        project = Project.objects.filter(team=team, pk=wanted["project"]).first()
        if project is None:
            raise PolicyRefused("invalid", _("There is no such project."), "project")
    return Policy(team=team, project=project, **{name: wanted[name] for name in FIELDS if name in wanted})
