"""A policy in words, and what it would mean at this moment."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups.models import Environment, Instance, Policy, Team, Weekday
from backups.queries import approvers, behind, policies


def conditions(policy: Policy) -> list[str]:
    """For which backups it holds; empty where for all of the team."""
    told = []
    if policy.environment:
        told.append(str(Environment(policy.environment).label))
    if policy.label:
        told.append(_("label %(label)s") % {"label": policy.label})
    if policy.project:
        told.append(_("project %(project)s") % {"project": policy.project})
    if window := _window(policy):
        told.append(window)
    return told


def demand(policy: Policy) -> str:
    """What it asks for, and within which time."""
    if not policy.approvals:
        return _("runs at once, without approval")
    count = ngettext("%(count)d approval", "%(count)d approvals", policy.approvals) % {
        "count": policy.approvals
    }
    clocks = _("decided within %(decide)d h, begun within %(begin)d h after") % {
        "decide": policy.approve_by_hours,
        "begin": policy.run_by_hours,
    }
    return f"{count}; {clocks}"


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who could agree to a request of one requester now, and whether those are enough."""

    requester: str
    could: list[str]
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would mean now: the instances that it matches, and each requester's prospects."""

    matched: list[str]
    prospects: list[Prospect]


def preview(team: Team, policy: Policy, *, at: datetime) -> Preview:
    """The preview of `policy`, saved or not, by the very rules that decide. Three queries.

    Other policies are left out: of those that match, the weightiest holds.
    """
    instances = Instance.objects.filter(team=team, gone_at=None).order_by("name")
    matched = [str(row) for row in instances if policies.matches(policy, row, at=at)]
    voices = approvers.voices_in(team, at=at)
    prospects = []
    requesters = approvers.requesters(approvers.active_members(team))
    given = behind.gifts(requesters)
    for requester in requesters:
        counting = approvers.without(behind.selves(requester, team, at=at, given=given), voices)
        names = list(dict.fromkeys(voice.person.display_name for voice in counting))
        is_enough = len({voice.owner for voice in counting}) >= policy.approvals
        prospects.append(Prospect(requester.display_name, names, is_enough))
    return Preview(matched, prospects)


def _window(policy: Policy) -> str:
    days = ", ".join(str(Weekday(day).label) for day in policy.weekdays)
    hours = ""
    if policy.window_from is not None and policy.window_until is not None:
        hours = f"{policy.window_from:%H:%M}–{policy.window_until:%H:%M}"
    told = " ".join(part for part in (days, hours) if part)
    return f"{told} ({policy.zone})" if told else ""
