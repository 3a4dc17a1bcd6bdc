"""Makes the world that a seed stands for: projects, instances, and the backups of many nights."""

import random
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from backups.simulator import builds
from backups.simulator.cast import OCCASIONS, STAGES, Role, Stage
from backups.simulator.clock import ZONE
from backups.simulator.credentials import new_project
from backups.simulator.store import insert

FAILED_SHARE = 0.015
MANUAL_PER_MONTH = 5


@dataclass(frozen=True)
class Era:
    """From when until when history is told, and how long the median instance's backup takes in it."""

    since: float
    until: float
    build_seconds: float


def build(db: sqlite3.Connection, seed: str, era: Era) -> None:
    """Fill an empty world; projects that are there keep their keys."""
    for stage in STAGES:
        project_id = project_id_of(seed, stage)
        new_project(db, project_id, stage.name, stage.region)
        add_instances(db, seed, project_id, stage, era)


def add_instances(db: sqlite3.Connection, seed: str, project_id: str, stage: Stage, era: Era) -> list[str]:
    """Give a project its instances, with the backups that people took of them."""
    made = []
    for role in stage.roles:
        chance = chance_of(seed, stage.name, role.name)
        instance_id = f"{chance.getrandbits(128):032x}in07"
        _add_instance(db, project_id, instance_id, role, era, chance)
        _add_manual_backups(db, instance_id, era, chance)
        made.append(instance_id)
    return made


def add_nights(db: sqlite3.Connection, seed: str, era: Era) -> None:
    """Write the nightly backups that ended in a time."""
    rows = db.execute("SELECT * FROM instances WHERE deleted_at IS NULL AND status = 'normal'").fetchall()
    for instance in rows:
        for begin in _nights(era, instance["backup_hour"]):
            chance = chance_of(seed, instance["id"], str(begin))
            begin_at = begin + chance.randrange(0, 1500)
            end_at = begin_at + _duration(instance["used_gb"], era, chance)
            if era.since < end_at <= era.until:
                name = (
                    "mysql-" + instance["name"] + datetime.fromtimestamp(begin, ZONE).strftime("-%Y%m%d%H%M")
                )
                _add_backup(db, instance, ("auto", name, ""), (begin_at, end_at), chance)


def project_id_of(seed: str, stage: Stage) -> str:
    """The id of a project: the same each time that its seed makes a world."""
    return f"{chance_of(seed, stage.name).getrandbits(128):032x}"


def chance_of(*of: str) -> random.Random:
    """The seed's chance in one matter, the same each time."""
    return random.Random("/".join(of))  # noqa: S311 - repeatable, and no secret comes of it


def _add_instance(
    db: sqlite3.Connection, project_id: str, instance_id: str, role: Role, era: Era, chance: random.Random
) -> None:
    row = {
        "id": instance_id,
        "project_id": project_id,
        "name": role.name,
        "status": role.status,
        "version": role.version,
        "volume_gb": role.volume_gb,
        "used_gb": role.used_gb,
        "created_at": era.since - chance.randrange(30 * 86400, 700 * 86400),
        "backup_hour": role.backup_hour,
        "keep_days": chance.choice((60, 90, 180)),
        "environment": role.environment,
    }
    insert(db, "instances", row)


def _add_manual_backups(db: sqlite3.Connection, instance_id: str, era: Era, chance: random.Random) -> None:
    """Some backups a month, taken in working hours, no two of one name."""
    instance = db.execute("SELECT * FROM instances WHERE id = ?", (instance_id,)).fetchone()
    days = int((era.until - era.since) / 86400)
    for _ in range(round(days / 30 * MANUAL_PER_MONTH)):
        begin = _working_hour(era.since + chance.uniform(0, days * 86400), chance)
        if not era.since < begin < era.until - 86400:
            continue
        text = _occasion(instance["name"], begin, chance)
        taken = "SELECT 1 FROM backups WHERE instance_id = ? AND name = ?"
        if not db.execute(taken, (instance_id, text[0])).fetchone():
            end = begin + _duration(instance["used_gb"], era, chance)
            _add_backup(db, instance, ("manual", *text), (begin, end), chance)


def _working_hour(moment: float, chance: random.Random) -> float:
    day = datetime.fromtimestamp(moment, ZONE).replace(minute=0, second=0, microsecond=0)
    at = day.replace(hour=chance.randrange(9, 19)) + timedelta(seconds=chance.randrange(3600))
    return at.timestamp()


def _occasion(instance_name: str, begin: float, chance: random.Random) -> tuple[str, str]:
    stamp = datetime.fromtimestamp(begin, ZONE).strftime("%Y%m%d")
    words = {"instance": instance_name, "stamp": stamp, "number": str(chance.randrange(110, 980))}
    name, description = chance.choice(OCCASIONS)
    return name.format(**words), description.format(**words)


def _nights(era: Era, hour: int) -> list[float]:
    """When the nights' backups were due; hours are UTC."""
    first = int(era.since // 86400) - 1
    last = int(era.until // 86400)
    return [day * 86400.0 + hour * 3600 for day in range(first, last + 1)]


def _duration(used_gb: float, era: Era, chance: random.Random) -> float:
    return round(builds.seconds_for(used_gb, era.build_seconds) * chance.uniform(0.88, 1.15), 1)


def _add_backup(
    db: sqlite3.Connection,
    instance: sqlite3.Row,
    text: tuple[str, str, str],
    period: tuple[float, float],
    chance: random.Random,
) -> None:
    """One backup of the past."""
    kind, name, description = text
    is_failed = chance.random() < FAILED_SHARE
    row = {
        "id": builds.identifier(chance),
        "project_id": instance["project_id"],
        "instance_id": instance["id"],
        "instance_name": instance["name"],
        "name": name,
        "description": description,
        "type": kind,
        "status": "FAILED" if is_failed else "COMPLETED",
        "version": instance["version"],
        "begin_at": period[0],
        "end_at": period[1],
        "size_mb": 0.0 if is_failed else builds.size_mb(instance["used_gb"], chance),
        "job_id": builds.identifier(chance),
    }
    insert(db, "backups", row)
