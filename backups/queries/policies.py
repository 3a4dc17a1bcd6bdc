"""Which policy asks for whose consent: the weightiest that matches, in words that a person can check."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeGuard
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from backups.models import Instance, Policy, Team


def in_force(team: Team) -> QuerySet[Policy]:
    """The policies of `team`, the one that wins first: by weight, then the one that asks for more."""
    return Policy.objects.filter(team=team, retired_at=None).select_related("project")


def matching(instance: Instance, *, at: datetime) -> Policy | None:
    """The policy for a backup of `instance` that is asked for at `at`; None where nobody need agree.

    One query for a team with four eyes, none for one without.
    """
    if not instance.team.four_eyes:
        return None
    return first_match(in_force(instance.team), instance, at=at)


def asks(policy: Policy | None) -> TypeGuard[Policy]:
    """Whether the policy wants anybody to agree."""
    return policy is not None and policy.approvals > 0


def first_match(policies: Iterable[Policy], instance: Instance, *, at: datetime) -> Policy | None:
    """The first of `policies` that matches."""
    return next((policy for policy in policies if matches(policy, instance, at=at)), None)


def matches(policy: Policy, instance: Instance, *, at: datetime) -> bool:
    """Whether every condition of `policy` holds for `instance` at `at`; an empty condition always does."""
    return (
        policy.environment in ("", instance.environment)
        and (not policy.label or policy.label in instance.labels)
        and policy.project_id in (None, instance.project_id)
        and is_in_window(policy, at=at)
    )


def is_in_window(policy: Policy, *, at: datetime) -> bool:
    """Whether the clock on the wall in the policy's zone is within its days and hours.

    An hour that the clock shows twice counts both times; one that it leaves out never comes. A window over
    midnight belongs to the day on which it begins.
    """
    wall = at.astimezone(ZoneInfo(policy.zone))
    day, time = wall.isoweekday(), wall.time()
    begins, ends = policy.window_from, policy.window_until
    if begins is None or ends is None or begins == ends:
        return _is_day(policy, day)
    if begins < ends:
        return begins <= time < ends and _is_day(policy, day)
    yesterday = (wall.date() - timedelta(days=1)).isoweekday()
    return (time >= begins and _is_day(policy, day)) or (time < ends and _is_day(policy, yesterday))


def _is_day(policy: Policy, day: int) -> bool:
    return not policy.weekdays or day in policy.weekdays
