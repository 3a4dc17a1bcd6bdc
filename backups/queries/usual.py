"""What is usual for an instance, from its own recent past."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from backups.models import Instance
from backups.models.states import GOOD, values


@dataclass(frozen=True, slots=True)
class Usual:
    """Median duration in seconds and size in MB of the last good backups; None where nothing is known."""

    count: int = 0
    seconds: float | None = None
    size_mb: float | None = None


def of(instance: Instance) -> Usual:
    """What the last 20 good backups of `instance` took and weighed."""
    return by_instance([instance.pk]).get(instance.pk, Usual())


def by_instance(instances: Sequence[UUID]) -> dict[UUID, Usual]:
    """What is usual for each of `instances` that has a past, in one read."""
    if not instances:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LAST_TWENTY, [list(instances), values(GOOD)])
        return {pk: Usual(*figures) for pk, *figures in cursor.fetchall()}


LAST_TWENTY = """
SELECT wanted.id,
       count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.seconds),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.size_mb)
FROM unnest(%s::uuid[]) AS wanted (id), LATERAL (
    SELECT extract(epoch FROM end_time - begin_time) AS seconds, size_mb
    FROM backups_backup
    WHERE instance_id = wanted.id AND status = ANY(%s)
      AND begin_time IS NOT NULL AND end_time IS NOT NULL
    ORDER BY requested_at DESC, id DESC
    LIMIT 20
) AS past
GROUP BY wanted.id
"""
