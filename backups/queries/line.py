"""The line in front of an instance, as a page shows it."""

from collections.abc import Sequence
from uuid import UUID

from backups.models import Backup, Status
from backups.models.states import OCCUPYING, values
from backups.queries.history import BackupRow, read_rows

IN_LINE = OCCUPYING | {Status.QUEUED}


def by_instance(instances: Sequence[UUID]) -> dict[UUID, list[BackupRow]]:
    """What runs on each of `instances` and what waits for it, in the order of their turns."""
    found = Backup.objects.filter(instance__in=instances, status__in=values(IN_LINE))
    rows = read_rows(found.order_by("requested_at", "id"))
    line: dict[UUID, list[BackupRow]] = {pk: [] for pk in instances}
    for row in sorted(rows, key=lambda row: row.status not in OCCUPYING):
        line[row.instance_id].append(row)
    return line
