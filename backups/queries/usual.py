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
        cursor.execute(LAST_TWENTY, {"instances": list(instances), "good": values(GOOD)})
        return {pk: Usual(*figures) for pk, *figures in cursor.fetchall()}


PAST = """
    SELECT extract(epoch FROM end_time - begin_time)::float8 AS seconds, size_mb
    FROM backups_backup
    WHERE instance_id = {instance} AND status = ANY(%(good)s)
      AND begin_time IS NOT NULL AND end_time IS NOT NULL
    ORDER BY requested_at DESC, id DESC
    LIMIT 20
"""

LAST_TWENTY = f"""
SELECT wanted.id,
       count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.seconds),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY past.size_mb)
FROM unnest(%(instances)s::uuid[]) AS wanted (id), LATERAL ({PAST.format(instance="wanted.id")}) AS past
GROUP BY wanted.id
"""

SECONDS = f"""
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY past.seconds)
FROM ({PAST.format(instance="b.instance_id")}) AS past
"""
"""What is usual for the instance of `b`, inside a query that reads backups."""
