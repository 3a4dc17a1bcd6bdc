"""What the cloud lists: backups, instances, and the policy of the nightly ones."""

import sqlite3
from typing import Any

from backups.simulator import refusals, rules
from backups.simulator.calls import Call, Reply, of_json
from backups.simulator.clock import written
from backups.simulator.cloud import Cloud


def list_backups(cloud: Cloud, call: Call) -> Reply:
    """GET backups: newest first; those fresher than the lag are not in it yet."""
    offset, limit = rules.page(call.query)
    where, values = _wanted(call)
    cloud.live_on()
    with cloud.settled() as (db, now):
        if cloud.lag_seconds:
            where, values = f"{where} AND begin_at <= ?", [*values, now - cloud.lag_seconds]
        order = cloud.orders.of(db, where, values)
        rows = _rows(db, order[offset : offset + limit])
    return of_json({"backups": [_backup(row) for row in rows], "total_count": len(order)})


def _rows(db: sqlite3.Connection, numbers: list[int]) -> list[sqlite3.Row]:
    """The backups of these row numbers, in that order."""
    marks = ", ".join("?" for _ in numbers)
    query = f"SELECT rowid AS number, * FROM backups WHERE rowid IN ({marks})"  # noqa: S608 - marks only
    found = db.execute(query, numbers)
    by_number = {row["number"]: row for row in found}
    return [by_number[number] for number in numbers]


def _wanted(call: Call) -> tuple[str, list[Any]]:
    """What a call asks for, as a condition."""
    query = call.query
    where, values = "project_id = ? AND deleted_at IS NULL", [call.parameters["project_id"]]
    readers = {
        "instance_id": ("instance_id", rules.instance_id),
        "backup_id": ("id", rules.backup_id),
        "backup_type": ("type", rules.backup_type),
    }
    for field, (column, read) in readers.items():
        if field in query:
            where += f" AND {column} = ?"
            values.append(read(query[field]))
    period = rules.period(query)
    if period:
        return where + " AND begin_at BETWEEN ? AND ?", [*values, *period]
    return where, values


def _backup(row: sqlite3.Row) -> dict[str, Any]:
    is_over = row["status"] != "BUILDING" and row["end_at"] is not None
    return {
        "id": row["id"],
        "name": row["name"],
        "begin_time": written(row["begin_at"]),
        "end_time": written(row["end_at"]) if is_over else None,
        "status": row["status"],
        "take_up_time": round((row["end_at"] - row["begin_at"]) / 60) if is_over else 0,
        "type": row["type"],
        "size": row["size_mb"] if is_over else 0.0,
        "datastore": {"type": "gaussdb-mysql", "version": row["version"]},
        "instance_id": row["instance_id"],
        "instance_name": row["instance_name"],
        "backup_level": "2" if row["type"] == "manual" else "1",
        "description": row["description"],
        "backup_mode": "completed",
    }


def list_instances(cloud: Cloud, call: Call) -> Reply:
    """GET instances, in pages."""
    offset, limit = rules.page(call.query)
    here = "FROM instances WHERE project_id = ? AND deleted_at IS NULL"
    project_id = call.parameters["project_id"]
    with cloud.store.transaction() as db:
        region = db.execute("SELECT region FROM projects WHERE id = ?", (project_id,)).fetchone()["region"]
        total = db.execute(f"SELECT count(*) {here}", (project_id,)).fetchone()[0]
        rows = db.execute(
            f"SELECT * {here} ORDER BY rowid LIMIT ? OFFSET ?", (project_id, limit, offset)
        ).fetchall()
    return of_json({"instances": [_instance(row, region) for row in rows], "total_count": total})


def _instance(row: sqlite3.Row, region: str) -> dict[str, Any]:
    address = f"192.168.{int(row['id'][:2], 16)}.{int(row['id'][2:4], 16)}"
    return {
        "id": row["id"],
        "name": row["name"],
        "status": row["status"],
        "type": "Cluster",
        "region": region,
        "datastore": {"type": "gaussdb-mysql", "version": row["version"]},
        "created": written(row["created_at"]),
        "updated": written(row["created_at"]),
        "private_ips": [address],
        "port": "3306",
        "db_user_name": "root",
        "volume": {"type": "DL6", "size": str(row["volume_gb"]), "used": str(row["used_gb"])},
        "backup_strategy": {"start_time": _hours(row), "keep_days": str(row["keep_days"])},
        "enterprise_project_id": "0",
        "time_zone": "UTC+08:00",
        "tags": [{"key": "environment", "value": row["environment"]}],
    }


def show_policy(cloud: Cloud, call: Call) -> Reply:
    """GET instances/{id}/backups/policy: when the nightly backups are taken and how long they stay."""
    instance_id = rules.instance_id(call.parameters["instance_id"])
    with cloud.store.transaction() as db:
        row = db.execute(
            "SELECT * FROM instances WHERE id = ? AND project_id = ? AND deleted_at IS NULL",
            (instance_id, call.parameters["project_id"]),
        ).fetchone()
    if row is None:
        raise refusals.no_such_instance()
    policy = {"start_time": _hours(row), "keep_days": row["keep_days"], "period": "1,2,3,4,5,6,7"}
    return of_json({"backup_policy": policy})


def _hours(row: sqlite3.Row) -> str:
    """The hour in which a night's backup begins, UTC."""
    return f"{row['backup_hour']:02d}:00-{(row['backup_hour'] + 1) % 24:02d}:00"
