"""Policies as a document declares them; one without a name is called by its conditions."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backups.models import Environment, Policy, Proposal, Weekday
from backups.operations.declarations.entries import Entry
from backups.operations.declarations.run import Difference, Run
from backups.operations.policies import FIELDS
from backups.queries import policies

NUMBERS = ("weight", "approvals", "approve_by_hours", "run_by_hours")


@dataclass(frozen=True, slots=True)
class DeclaredPolicy:
    """A policy: `values` as `policies.save` takes them, and the name of the project that it is limited to."""

    place: str
    team: str
    project: str
    values: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.values["name"])

    @property
    def known_by(self) -> tuple[str, ...]:
        """What it is known again by."""
        return self.team, self.name


def read(entry: Entry) -> DeclaredPolicy:
    """The policy of `entry`; what it leaves out is as in a new one."""
    project = entry.text("project", is_needed=False)
    days = entry.many("weekdays", _is_day, _("This must be a list of days: 1 is Monday, 7 Sunday."))
    values: dict[str, Any] = {
        "name": entry.text("name", longest=100, is_needed=False),
        "environment": entry.choice("environment", Environment.values, is_needed=False),
        "label": entry.text("label", longest=63, is_needed=False),
        "weekdays": days or [],
        "window_from": entry.time("window_from"),
        "window_until": entry.time("window_until"),
        "zone": entry.text("zone", is_needed=False) or Policy().zone,
    }
    for name in NUMBERS:
        number = entry.number(name)
        values[name] = getattr(Policy(), name) if number is None else number
    values["name"] = values["name"] or _called(values, project)
    return DeclaredPolicy(place=entry.place, team=entry.text("team"), project=project, values=values)


def _is_day(value: object) -> bool:
    return type(value) is int and value in Weekday.values


def _called(values: dict[str, Any], project: str) -> str:
    """The conditions as a name, the same each time: "production", "staging, pci, 22:00-06:00"."""
    window = (
        f"{values['window_from']}-{values['window_until']} {values['zone']}" if values["window_from"] else ""
    )
    days = " ".join(Weekday(day).name[:3].capitalize() for day in values["weekdays"])
    parts = [values["environment"], values["label"], project, days, window]
    return ", ".join(part for part in parts if part)[:100] or "every backup"


def apply(run: Run, declared: DeclaredPolicy) -> None:
    """Put the policy in force, or another in the place of the one of its name."""
    team = run.team(declared.team)
    wanted = {name: declared.values[name] for name in FIELDS}
    if declared.project:
        wanted["project"] = str(run.project(declared.project, team.name).pk)
    stored = policies.in_force(team).filter(name=declared.name).first()
    difference = Difference("+", f"policy {declared.name} of {team.name}")
    if stored:
        wanted["id"] = str(stored.pk)
        now = _as_wanted(stored)
        told = [_told(name, now.get(name), wanted.get(name)) for name in (*FIELDS, "project")]
        if not any(told):
            return
        how = ", ".join(part for part in told if part)
        difference = Difference("~", f"policy {declared.name} of {team.name}", how)
    run.rule(team, Proposal.Kind.POLICY, wanted, difference)


def _as_wanted(policy: Policy) -> dict[str, Any]:
    """A policy in force, as a document would declare it."""
    now = {name: getattr(policy, name) for name in FIELDS}
    for name in ("window_from", "window_until"):
        now[name] = f"{now[name]:%H:%M}" if now[name] else None
    project = {"project": str(policy.project_id)} if policy.project_id else {}
    return now | {"weekdays": sorted(policy.weekdays)} | project


def _told(name: str, old: object, new: object) -> str:
    if old == new:
        return ""
    if name == "project":
        return "another project"
    return f"{name.replace('_', ' ')} {_shown(old)} -> {_shown(new)}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)
