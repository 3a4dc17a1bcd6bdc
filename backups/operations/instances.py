"""What a team says of its instances: which there are, and what they are for."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backups.models import Instance, Project, Team, User
from backups.operations import audit, rights
from backups.operations.refusals import Refused


class InstanceRefused(Refused):
    """The instance cannot be so."""


@audit.act
def enter(project: Project, cloud_id: str, name: str, *, by: User | None, at: datetime) -> Instance:
    """Name an instance before a sync has found it: the cloud's list fills in what it is, and its name.

    Until then no backup of it can be asked for. No `by` is the operator at the terminal. Raises
    `rights.RightError`.
    """
    rights.require_if_person(by, "manage_projects", project.team)
    # A sync may have found it a moment ago.
    row, is_new = Instance.objects.get_or_create(
        project=project,
        cloud_id=cloud_id,
        defaults={"team": project.team, "name": name, "found_at": at, "seen_at": at},
    )
    if is_new:
        data = {"instance": name, "id": cloud_id}
        audit.record("instance_entered", team_id=row.team_id, at=at, by=by, project=project, data=data)
    return row


def lock(wanted: dict[str, Any]) -> None:
    """Lock the instance of a change, before its team, as whoever asks for a backup of it does."""
    list(Instance.objects.select_for_update(of=("self",), no_key=True).filter(pk=wanted["id"]))


def check(team: Team, wanted: dict[str, Any]) -> None:
    """`wanted` is {"id", "name", "environment", "labels"}; raises `InstanceRefused` at the field.

    Policies go by environment and labels: whoever changes them changes whose consent a backup needs.
    """
    row = Instance.objects.filter(team=team, pk=wanted["id"]).first()
    if row is None:
        raise InstanceRefused("unknown", _("There is no such instance."), "id")
    if (row.environment, row.labels) == (wanted["environment"], wanted["labels"]):
        raise InstanceRefused("same", _("That is so already."))
    row.environment, row.labels = wanted["environment"], wanted["labels"]
    try:
        row.clean_fields(exclude={each.name for each in Instance._meta.fields} - {"environment", "labels"})
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InstanceRefused("invalid", messages[0], field) from error


def change(team: Team, wanted: dict[str, Any], _at: datetime) -> None:
    """Give the instance this environment and these labels."""
    rows = Instance.objects.filter(team=team, pk=wanted["id"])
    rows.update(environment=wanted["environment"], labels=wanted["labels"])
