"""Manual backups: taking and deleting them, and the jobs that take them."""

import sqlite3
from http import HTTPStatus
from typing import Any

from backups.simulator import builds, refusals, rules
from backups.simulator.calls import Call, Reply, of_json
from backups.simulator.clock import written
from backups.simulator.cloud import Cloud
from backups.simulator.store import insert
from backups.simulator.world import chance_of

NEWER_API = "v3"
JOB_UNKNOWN_SHARE = 0.1
JOB_UNKNOWN_SECONDS = 2.0
"""For how long a fresh job cannot be found: a share of its time, this long at most."""


def create(cloud: Cloud, call: Call) -> Reply:
    """POST backups/create."""
    if call.body.strip() and not call.header("Content-Type").lower().startswith("application/json"):
        raise refusals.bad_parameter("Content-Type must be application/json.")
    fields = rules.json_object(call.body)
    instance_id = rules.instance_id(rules.text(fields, "instance_id"))
    name = rules.backup_name(rules.text(fields, "name"))
    description = rules.description(fields.get("description"))
    with cloud.settled() as (db, now):
        instance = _normal_instance(db, call.parameters["project_id"], instance_id)
        if not cloud.takes_twins:
            _refuse_twins(db, instance_id, name)
        backup = _start(db, cloud, instance, (name, description), now=now, call_id=call.id)
    return of_json(_created(call, backup), HTTPStatus.ACCEPTED)


def _normal_instance(db: sqlite3.Connection, project_id: str, instance_id: str) -> sqlite3.Row:
    """The instance, when backups can be taken of it."""
    instance: sqlite3.Row | None = db.execute(
        "SELECT * FROM instances WHERE id = ? AND project_id = ? AND deleted_at IS NULL",
        (instance_id, project_id),
    ).fetchone()
    if instance is None:
        raise refusals.no_such_instance()
    if instance["status"] != "normal":
        raise refusals.not_normal(instance["status"])
    return instance


def _refuse_twins(db: sqlite3.Connection, instance_id: str, name: str) -> None:
    """Refuse a name that is there already, and a backup beside another one."""
    of_instance = "SELECT 1 FROM backups WHERE instance_id = ? AND deleted_at IS NULL AND "
    if db.execute(of_instance + "name = ?", (instance_id, name)).fetchone():
        raise refusals.name_taken()
    if db.execute(of_instance + "status = 'BUILDING'", (instance_id,)).fetchone():
        raise refusals.busy()


def _start(
    db: sqlite3.Connection,
    cloud: Cloud,
    instance: sqlite3.Row,
    text: tuple[str, str],
    *,
    now: float,
    call_id: str,
) -> dict[str, Any]:
    backup = {
        "id": builds.identifier(),
        "project_id": instance["project_id"],
        "instance_id": instance["id"],
        "instance_name": instance["name"],
        "name": text[0],
        "description": text[1],
        "type": "manual",
        "status": "BUILDING",
        "version": instance["version"],
        "begin_at": now,
        "end_at": now + builds.seconds_for(instance["used_gb"], cloud.habits.build_seconds),
        "size_mb": builds.size_mb(instance["used_gb"], chance_of(instance["id"], text[0])),
        "job_id": builds.identifier(),
        "call_id": call_id,
        "deleted_at": None,
    }
    insert(db, "backups", backup)
    return backup


def _created(call: Call, backup: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "status", "type", "instance_id", "description")
    told: dict[str, Any] = {
        "backup": {**{name: backup[name] for name in names}, "begin_time": written(backup["begin_at"])}
    }
    if call.parameters["api"] == NEWER_API:
        told["job_id"] = backup["job_id"]
    return told


def delete(cloud: Cloud, call: Call) -> Reply:
    """DELETE backups/{id}: manual ones that are not under way."""
    backup_id = rules.backup_id(call.parameters["backup_id"])
    with cloud.settled() as (db, now):
        backup = db.execute(
            "SELECT * FROM backups WHERE id = ? AND project_id = ? AND deleted_at IS NULL",
            (backup_id, call.parameters["project_id"]),
        ).fetchone()
        if backup is None:
            raise refusals.no_such_backup()
        if backup["type"] != "manual":
            raise refusals.bad_parameter("Only manual backups can be deleted.")
        if backup["status"] == "BUILDING":
            raise refusals.busy()
        db.execute("UPDATE backups SET deleted_at = ? WHERE id = ?", (now, backup_id))
    return of_json({"backup_id": backup_id, "backup_name": backup["name"]})


def show_job(cloud: Cloud, call: Call) -> Reply:
    """GET jobs?id=: how far a backup is."""
    job_id = call.query.get("id", "")
    with cloud.settled() as (db, now):
        backup = db.execute(
            "SELECT * FROM backups WHERE job_id = ? AND project_id = ? AND type = 'manual'",
            (job_id, call.parameters["project_id"]),
        ).fetchone()
    if backup is None or now < _job_known_from(backup):
        raise refusals.Refusal(HTTPStatus.NOT_FOUND, "DBS.200001", "Parameter error. The job does not exist.")
    return of_json({"job": _job(backup, now)})


def _job_known_from(backup: sqlite3.Row) -> float:
    whole = (backup["end_at"] or backup["begin_at"]) - backup["begin_at"]
    return float(backup["begin_at"] + min(JOB_UNKNOWN_SECONDS, whole * JOB_UNKNOWN_SHARE))


def _job(backup: sqlite3.Row, now: float) -> dict[str, Any]:
    job: dict[str, Any] = {
        "id": backup["job_id"],
        "name": "CreateGaussDBforMySQLManualBackup",
        "status": {"BUILDING": "Running", "FAILED": "Failed"}.get(backup["status"], "Completed"),
        "created": written(backup["begin_at"]),
        "instance": {"id": backup["instance_id"], "name": backup["instance_name"]},
    }
    if backup["status"] == "BUILDING":
        return {**job, "process": builds.process(backup, now)}
    if backup["status"] == "FAILED":
        job["fail_reason"] = "The backup lock of the instance could not be taken."
    return {**job, "ended": written(backup["end_at"])}
