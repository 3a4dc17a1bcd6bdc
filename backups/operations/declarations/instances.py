"""Instances as a document declares them: what they are for, and those that no sync has found yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from backups.contract.fields import check_instance_id
from backups.models import Environment, Instance, Proposal
from backups.operations import instances
from backups.operations.declarations.entries import Entry
from backups.operations.declarations.run import Difference, Run


@dataclass(frozen=True, slots=True)
class DeclaredInstance:
    """An instance; what is None stays as it is. `team` only where the project's name is not enough."""

    place: str
    team: str
    project: str
    cloud_id: str
    name: str
    environment: str | None
    labels: list[str] | None

    @property
    def known_by(self) -> tuple[str, ...]:
        """What it is known again by."""
        return self.team, self.project, self.cloud_id


def read(entry: Entry) -> DeclaredInstance:
    """The instance of `entry`."""
    return DeclaredInstance(
        place=entry.place,
        team=entry.text("team", is_needed=False),
        project=entry.text("project"),
        cloud_id=entry.checked("id", check_instance_id),
        name=entry.text("name", longest=128, is_needed=False),
        environment=entry.choice("environment", Environment.values, is_needed=False) or None,
        labels=entry.many("labels", _is_label, _("This must be a list of texts of 1 to 63 characters.")),
    )


def _is_label(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and 1 <= len(value.strip()) <= len(value) <= 63


def apply(run: Run, declared: DeclaredInstance) -> None:
    """Enter the instance if it is not known, and say what it is for."""
    project = run.project(declared.project, declared.team)
    row = Instance.objects.filter(project=project, cloud_id=declared.cloud_id).first()
    if row is None:
        name = declared.name or declared.cloud_id
        row = instances.enter(project, declared.cloud_id, name, by=run.by, at=run.at)
        run.differ("+", f"instance {row.name} of {project.name}")
    environment = row.environment if declared.environment is None else declared.environment
    labels = row.labels if declared.labels is None else declared.labels
    told = [
        f"environment {row.environment or 'none'} -> {environment}" if environment != row.environment else "",
        f"labels {_shown(row.labels)} -> {_shown(labels)}" if labels != sorted(row.labels) else "",
    ]
    if any(told):
        change = {"id": str(row.pk), "name": row.name, "environment": environment, "labels": labels}
        how = ", ".join(part for part in told if part)
        difference = Difference("~", f"instance {row.name} of {project.name}", how)
        run.rule(run.team(project.team.name), Proposal.Kind.INSTANCE, change, difference)


def _shown(labels: list[str]) -> str:
    return " ".join(labels) or "none"
