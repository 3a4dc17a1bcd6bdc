"""One application of a declaration: who, when, what it has found and made so far, and what was wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backups.models import Project, Proposal, Team, User
from backups.operations import audit, governance
from backups.operations.declarations.entries import Problem
from backups.operations.refusals import Refused
from backups.queries import proposals


class DeclarationRefused(Refused):
    """Something is wrong with what was declared; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("invalid", str(problems[0]))
        self.problems = problems


class NotMadeError(Exception):
    """What an entry speaks of could not be made, and why was told at its own place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, as a line for a terminal and its log, in English: no secret is ever in it.

    `sign`: "+" new, "~" changed, "?" proposed to a second admin, "=" proposed already.
    """

    sign: str
    what: str
    how: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.what}" + (f": {self.how}" if self.how else "")

    @property
    def is_new(self) -> bool:
        """Whether it was not so before, nor proposed."""
        return self.sign != "="


@dataclass(slots=True)
class Run:
    """`teams` are the existing ones, locked; `named` what the document speaks of, readable or not."""

    by: User | None
    at: datetime
    named: set[tuple[str, str]]
    teams: dict[str, Team]
    projects: list[Project] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @contextmanager
    def entry(self, place: str, *, has_keys: bool = True) -> Iterator[None]:
        """Something of the document: what is refused within is noted, and what it wrote is undone.

        `has_keys`: whether the fields of a refusal are keys there.
        """
        try:
            with audit.act():
                yield
        except Refused as refused:
            self.tell(place, refused.field if has_keys else None, refused.message)
        except NotMadeError:
            pass

    def tell(self, place: str, key: str | None, message: str) -> None:
        """Note what is wrong with `key` of the entry at `place`."""
        self.problems.append(Problem(f"{place}.{key}" if key else place, message))

    def differ(self, sign: str, what: str, how: str = "") -> None:
        """Note a change that was made."""
        self.differences.append(Difference(sign, what, how))

    def team(self, name: str) -> Team:
        """The team of that name; raises `Refused`, or `NotMadeError`."""
        if name not in self.teams:
            self._is_made("teams", name)
            raise Refused("unknown", _("There is no team of this name."), "team")
        return self.teams[name]

    def project(self, name: str, team: str = "") -> Project:
        """The project of that name, in any team or in `team`; raises `Refused`, or `NotMadeError`."""
        declared = [row for row in self.projects if row.name == name and team in ("", row.team.name)]
        stored = Project.objects.filter(name=name).select_related("team", "credential")
        found = declared or list(stored.filter(team__name=team) if team else stored)
        if not found:
            self._is_made("projects", name)
            raise Refused("unknown", _("There is no project of this name."), "project")
        if len(found) > 1:
            raise Refused("several", _("Several teams have a project of this name: say whose."), "team")
        return found[0]

    def rule(self, team: Team, kind: Proposal.Kind, change: dict[str, Any], difference: Difference) -> None:
        """Change a rule of `team`, or have a second admin asked; what is asked already is not asked again."""
        told = (
            f"waits for a second admin ({difference.how})" if difference.how else "waits for a second admin"
        )
        if team.four_eyes and proposals.waits(team, kind, change, at=self.at):
            self.differences.append(replace(difference, sign="=", how=f"still {told}"))
            return
        proposal = governance.propose_to(team, kind, change, by=self.by, at=self.at)
        self.differences.append(replace(difference, sign="?", how=told) if proposal else difference)

    def _is_made(self, section: str, name: str) -> None:
        if (section, name) in self.named:
            raise NotMadeError
