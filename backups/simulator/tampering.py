"""What a test does to the world behind its back, and what it looks up there."""

from typing import Any

from backups.simulator import builds, credentials, refusals, world
from backups.simulator.cast import Role, Stage
from backups.simulator.cloud import DAY, Cloud
from backups.simulator.store import insert

TENANT_ROLES = ("orders", "billing", "customers", "inventory", "audit", "reports", "search", "sessions")
PLANTED = "planted"
"""Stands for the call of a backup that no call made."""


def instances(cloud: Cloud, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The instances of a project, or all."""
    with cloud.store.transaction() as db:
        rows = db.execute("SELECT * FROM instances ORDER BY rowid").fetchall()
    return [dict(row) for row in rows if told.get("project_id") in {None, row["project_id"]}]


def backups(cloud: Cloud, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The backups of a project, or all, oldest first: also deleted ones and those not listed yet."""
    with cloud.settled() as (db, _now):
        rows = db.execute("SELECT * FROM backups ORDER BY begin_at, rowid").fetchall()
    return [dict(row) for row in rows if told.get("project_id") in {None, row["project_id"]}]


def change_instance(cloud: Cloud, told: dict[str, Any]) -> None:
    """Put an instance in a state, take it away, or give it another id."""
    deleted_at = cloud.clock.now() if told.get("is_deleted") else None
    with cloud.store.transaction() as db:
        changed = db.execute(
            "UPDATE instances SET status = coalesce(?, status), deleted_at = ?, id = coalesce(?, id)"
            " WHERE id = ?",
            (told.get("status"), deleted_at, told.get("new_id"), told["id"]),
        )
    if not changed.rowcount:
        raise refusals.no_such_instance()


def change_backup(cloud: Cloud, told: dict[str, Any]) -> None:
    """Put a backup in a state, take it away or back, or rename it; BUILDING again it never ends by itself."""
    with cloud.settled() as (db, now):
        backup = db.execute("SELECT * FROM backups WHERE id = ?", (told["id"],)).fetchone()
        if backup is None:
            raise refusals.no_such_backup()
        status = str(told.get("status", backup["status"]))
        end_at = None if status == "BUILDING" else min(backup["end_at"] or now, now)
        if "status" not in told:
            end_at = backup["end_at"]
        deleted_at = (now if told["is_deleted"] else None) if "is_deleted" in told else backup["deleted_at"]
        name = str(told.get("name", backup["name"]))
        db.execute(
            "UPDATE backups SET status = ?, end_at = ?, deleted_at = ?, name = ? WHERE id = ?",
            (status, end_at, deleted_at, name, told["id"]),
        )


def plant_backup(cloud: Cloud, told: dict[str, Any]) -> str:
    """A backup that somebody else took: no rule is applied, so that two may bear one name."""
    with cloud.settled() as (db, now):
        instance = db.execute("SELECT * FROM instances WHERE id = ?", (told["instance_id"],)).fetchone()
        if instance is None:
            raise refusals.no_such_instance()
        begin_at = now - float(told.get("age_seconds", 0))
        status = told.get("status", "COMPLETED")
        backup = {
            "id": builds.identifier(),
            "project_id": instance["project_id"],
            "instance_id": instance["id"],
            "instance_name": instance["name"],
            "name": str(told["name"]),
            "description": str(told.get("description", "")),
            "type": str(told.get("type", "manual")),
            "status": str(status),
            "version": instance["version"],
            "begin_at": begin_at,
            "end_at": None if status == "BUILDING" else now,
            "size_mb": float(told.get("size_mb", 1024.0)),
            "job_id": builds.identifier(),
            "call_id": PLANTED,
        }
        insert(db, "backups", backup)
    return str(backup["id"])


def expire_tokens(cloud: Cloud) -> None:
    """End every token that was issued."""
    with cloud.store.transaction() as db:
        db.execute("UPDATE tokens SET expires_at = ?", (cloud.clock.now(),))


def temporary_key(cloud: Cloud, told: dict[str, Any]) -> dict[str, str]:
    """A temporary pair of keys, with the security token that must go with it."""
    token = credentials.new_token()
    ends = cloud.clock.now() + float(told.get("seconds", 900))
    with cloud.store.transaction() as db:
        if not db.execute("SELECT 1 FROM projects WHERE id = ?", (told["project_id"],)).fetchone():
            raise refusals.not_authorized()
        pair = credentials.new_key(db, told["project_id"], security_token=token, expires_at=ends)
    return {**pair, "security_token": token}


def add_tenants(cloud: Cloud, told: dict[str, Any]) -> list[dict[str, Any]]:
    """More projects of so many instances each, without history; as the keys file tells of projects."""
    region, name = str(told.get("region", "cn-north-4")), str(told.get("name", "tenant"))
    now = cloud.clock.now()
    added = []
    with cloud.store.transaction() as db:
        present = db.execute("SELECT count(*) FROM projects").fetchone()[0]
        for number in range(present + 1, present + 1 + int(told.get("count", 1))):
            stage = Stage(f"{name}-{number}", region, _roles(int(told.get("instances", 6))))
            project_id = world.project_id_of(cloud.seed, stage)
            credentials.new_project(db, project_id, stage.name, region)
            era = world.Era(now - DAY, now - DAY, cloud.habits.build_seconds)
            world.add_instances(db, cloud.seed, project_id, stage, era)
            added.append(project_id)
        return credentials.of_projects(db, added)


def _roles(count: int) -> tuple[Role, ...]:
    """Instances of many sizes, their names numbered."""
    return tuple(
        Role(f"{TENANT_ROLES[number % len(TENANT_ROLES)]}-{number + 1:03d}", 40 + number * 37 % 860, 0.45, 18)
        for number in range(count)
    )
