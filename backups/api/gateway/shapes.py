"""Backups as the cloud tells them (contract.md), plus nothing; what is unknown is left out."""

from datetime import timedelta
from typing import Any

from backups.contract.times import format_time
from backups.models import Api, Backup, Source, Status

TYPES = {Source.AUTOMATIC: "auto"}
MANUAL = "manual"
ENGINE = "gaussdb-mysql"


def created(backup: Backup, api: Api) -> dict[str, Any]:
    """The reply of the create call; newer ones have the job beside it."""
    told = {"id": backup.cloud_id, "name": backup.name, "description": backup.description}
    told |= {"status": _status(backup), "type": MANUAL, "instance_id": backup.instance.cloud_id}
    if backup.begin_time:
        told["begin_time"] = format_time(backup.begin_time)
    job = {"job_id": backup.job_id} if api == Api.V3 and backup.job_id else {}
    return {"backup": told, **job}


def listed(backup: Backup) -> dict[str, Any]:
    """An item of the list."""
    told: dict[str, Any] = {
        "id": backup.cloud_id,
        "name": backup.cloud_name or backup.name,
        "status": _status(backup),
        "type": TYPES.get(Source(backup.source), MANUAL),
        "datastore": {"type": backup.instance.engine or ENGINE, "version": backup.instance.engine_version},
        "instance_id": backup.instance.cloud_id,
        "instance_name": backup.instance.name,
        "description": backup.description,
    }
    if backup.begin_time:
        told["begin_time"] = format_time(backup.begin_time)
    if backup.end_time:
        told["end_time"] = format_time(backup.end_time)
    if backup.begin_time and backup.end_time:
        told["take_up_time"] = round((backup.end_time - backup.begin_time) / timedelta(minutes=1))
    if backup.size_mb is not None:
        told["size"] = backup.size_mb
    return told


def _status(backup: Backup) -> str:
    """The cloud's own word; where it has said none that anybody knows, that word all the same."""
    return backup.raw_status if backup.status == Status.UNKNOWN else backup.status
