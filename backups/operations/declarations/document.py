"""A document that declares teams, projects, instances and policies, as values with all that is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from backups.models import Team
from backups.operations.declarations import instances, policies, projects, teams
from backups.operations.declarations.entries import Entry, Problem, Resolve
from backups.operations.declarations.instances import DeclaredInstance
from backups.operations.declarations.policies import DeclaredPolicy
from backups.operations.declarations.projects import DeclaredProject
from backups.operations.declarations.teams import DeclaredTeam

T = TypeVar("T", DeclaredTeam, DeclaredProject, DeclaredInstance, DeclaredPolicy)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What of a document could be read, and what is wrong with the rest.

    `named` are its teams and projects, also those of which something could not be read.
    """

    teams: list[DeclaredTeam] = field(default_factory=list)
    projects: list[DeclaredProject] = field(default_factory=list)
    instances: list[DeclaredInstance] = field(default_factory=list)
    policies: list[DeclaredPolicy] = field(default_factory=list)
    named: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def within(self, team: Team) -> "Declaration":
        """The same for who may speak of `team` alone: whatever is of another is a problem at its place.

        Nor is it looked at any further: what else is wrong with it would tell how it stands there.
        """
        words = _("Only %(team)s may be declared here.") % {"team": team.name}
        named = [
            *((f"{each.place}.name", each.name) for each in self.teams),
            *((f"{each.place}.team", each.team) for each in self.projects),
            *((f"{each.place}.team", each.team) for each in self.policies),
            *((f"{each.place}.team", each.team) for each in self.instances if each.team),
        ]
        foreign = [Problem(place, words) for place, name in named if name != team.name]
        return replace(
            self,
            teams=[each for each in self.teams if each.name == team.name],
            projects=[each for each in self.projects if each.team == team.name],
            instances=[
                replace(each, team=team.name) for each in self.instances if each.team in ("", team.name)
            ],
            policies=[each for each in self.policies if each.team == team.name],
            problems=[*self.problems, *foreign],
        )


def read(document: object, *, resolve: Resolve) -> Declaration:
    """What `document` says, mappings and lists as YAML or JSON give them.

    `resolve` gives the secret that a text stands for, or raises `Refused`: a file holds references, and a
    program may send the secrets themselves (`Secret`).
    """
    declared = Declaration()
    root = Entry(document, "", declared.problems)
    _keep(root, "teams", teams.read, declared.teams, declared)
    _keep(root, "projects", lambda entry: projects.read(entry, resolve), declared.projects, declared)
    _keep(root, "instances", instances.read, declared.instances, declared)
    _keep(root, "policies", policies.read, declared.policies, declared)
    root.close()
    return declared


def _keep(
    root: Entry, section: str, read_one: Callable[[Entry], T], kept: list[T], declared: Declaration
) -> None:
    """Keep what could be read of a section; nothing stands there twice."""
    known: set[tuple[str, ...]] = set()
    for entry in root.entries(section):
        one = read_one(entry)
        entry.close()
        declared.named.add((section, one.name))
        if entry.is_whole and one.known_by in known:
            entry.tell("", _("This stands here twice."))
        known.add(one.known_by)
        if entry.is_whole:
            kept.append(one)
