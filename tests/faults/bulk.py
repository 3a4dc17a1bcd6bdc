"""Many running backups at once, in the simulated cloud and here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import urllib3
from django.utils import timezone

from backups.models import Backup, Project, Source, Status, Team, User
from tests.faults.steps import connect, draft_of
from tests.fixtures.simulated_cloud import SimulatedCloud

PLANTERS = 4


def tenants(cloud: SimulatedCloud, count: int, *, instances: int, team: Team, by: User) -> list[Project]:
    """So many projects of so many instances, connected."""
    accesses = cloud.control("tenants", {"count": count, "instances": instances})["projects"]
    return [connect(draft_of(cloud, access, team), by=by) for access in accesses]


def build_everywhere(cloud: SimulatedCloud, projects: list[Project], *, age: timedelta) -> list[Backup]:
    """A backup of every instance, begun so long ago, that the cloud builds without an end."""
    begun = timezone.now() - age
    instances = [instance for project in projects for instance in project.instances.all()]
    told = [
        {
            "instance_id": each.cloud_id,
            "name": "nightly",
            "status": "BUILDING",
            "age_seconds": age.total_seconds(),
        }
        for each in instances
    ]
    ids = [answer["id"] for answer in control_many(cloud, [("backups", each) for each in told])]
    rows = [
        _running(instance.pk, instance.team_id, cloud_id, begun)
        for instance, cloud_id in zip(instances, ids, strict=True)
    ]
    return Backup.objects.bulk_create(rows, batch_size=1000)


def control_many(cloud: SimulatedCloud, calls: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """Many calls of the control interface, over few connections."""
    pool = urllib3.PoolManager(maxsize=PLANTERS)

    def call(one: tuple[str, dict[str, Any]]) -> Any:
        path, told = one
        return pool.request("POST", f"{cloud.endpoint}/_control/{path}", json=told).json()

    with ThreadPoolExecutor(PLANTERS) as threads:
        return list(threads.map(call, calls))


def _running(instance_pk: Any, team_pk: Any, cloud_id: str, begun: datetime) -> Backup:
    return Backup(
        team_id=team_pk,
        instance_id=instance_pk,
        name="nightly",
        source=Source.ELSEWHERE,
        status=Status.BUILDING,
        requested_at=begun,
        begin_time=begun,
        cloud_id=cloud_id,
        raw_status="BUILDING",
        next_action_at=timezone.now(),
    )
