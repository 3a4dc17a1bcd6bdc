"""Fills a cloud with as many projects, instances and backups as a benchmark wants, in a few statements."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from backups.simulator import credentials
from backups.simulator.cast import Stage
from backups.simulator.cloud import DAY, Cloud
from backups.simulator.world import project_id_of

NIGHTS_MANUAL = 20
"""Every so many nights somebody took the backup by hand."""

SLOW_INDEXES = ("backups_of_instance", "backups_job", "backups_listed_of_instance")
"""Made anew after many rows were written, which is sooner done than keeping them up with each."""


@dataclass(frozen=True)
class Size:
    """How much there shall be in all of the projects together."""

    projects: int = 1
    instances: int = 100
    backups: int = 10_000
    region: str = "cn-north-4"
    name: str = "bulk"

    def share(self, number: int, of: int) -> int:
        """The part of the project of that number, so that the parts add up."""
        return of * (number + 1) // self.projects - of * number // self.projects


def size_of(told: dict[str, Any]) -> Size:
    """What a caller asks for; raises ValueError where it is nothing."""
    names = ("projects", "instances", "backups")
    figures = {name: int(told[name]) for name in names if name in told}
    size = Size(**figures, region=str(told.get("region", "cn-north-4")), name=str(told.get("name", "bulk")))
    if min(size.projects, size.instances) < 1 or size.backups < 0:
        raise ValueError("projects and instances must be at least 1")
    return size


def fill(cloud: Cloud, size: Size) -> list[dict[str, Any]]:
    """Add the projects, each with its share of instances and of nights; as the keys file tells."""
    now = cloud.clock.now()
    added = []
    with cloud.store.transaction() as db:
        made = {row["name"]: row["sql"] for row in db.execute("SELECT name, sql FROM sqlite_master")}
        for index in SLOW_INDEXES:
            db.execute(f"DROP INDEX {index}")
        for number in range(size.projects):
            stage = Stage(f"{size.name}-{_next_number(db)}", size.region, ())
            project_id = project_id_of(cloud.seed, stage)
            credentials.new_project(db, project_id, stage.name, size.region)
            _add_instances(db, project_id, size.share(number, size.instances), now)
            _add_backups(db, project_id, size.share(number, size.backups), now)
            added.append(project_id)
        for index in SLOW_INDEXES:
            db.execute(made[index])
        return credentials.of_projects(db, added)


def _next_number(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM projects").fetchone()[0]) + 1


def _add_instances(db: sqlite3.Connection, project_id: str, count: int, now: float) -> None:
    """Instances of many sizes, which have long been there."""
    db.execute(
        INSTANCES, {"project": project_id, "prefix": project_id[:16], "count": count, "born": now - 900 * DAY}
    )


def _add_backups(db: sqlite3.Connection, project_id: str, count: int, now: float) -> None:
    """As many backups, night after night backward, dealt out among the instances."""
    of_project = "SELECT count(*), min(rowid) FROM instances WHERE project_id = ?"
    instances, first = db.execute(of_project, (project_id,)).fetchone()
    given = {
        "project": project_id,
        "prefix": project_id[:12],
        "count": count,
        "instances": instances,
        "first": first,
        "yesterday": now - DAY,
        "manual": NIGHTS_MANUAL,
    }
    db.execute(BACKUPS, given)


INSTANCES = """
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count)
INSERT INTO instances (id, project_id, name, status, version, volume_gb, used_gb, created_at, backup_hour,
                       keep_days, environment)
SELECT printf('%s%016xin07', :prefix, n), :project, printf('db-%05d', n + 1), 'normal', '8.0',
       40 + n * 37 % 860,
       (40 + n * 37 % 860) * 0.45, :born, n % 24, 180,
       CASE n % 5 WHEN 0 THEN 'staging' WHEN 1 THEN 'development' ELSE 'production' END
FROM number
"""
BACKUPS = """
WITH RECURSIVE night (nights) AS (SELECT 0 UNION ALL SELECT nights + 1 FROM night
                                 WHERE nights * :instances < :count),
place AS (SELECT rowid - :first AS at, * FROM instances WHERE project_id = :project),
made AS (
    SELECT nights * :instances + at AS n, nights, place.*,
           CAST(:yesterday - nights * 86400 - at * 86000.0 / :instances AS INTEGER) AS begin_at
    FROM night CROSS JOIN place
    LIMIT :count
)
INSERT INTO backups (id, project_id, instance_id, instance_name, name, description, type, status, version,
                     begin_at, end_at, size_mb, job_id)
SELECT printf('%s-%s-4000-8000-%012x', substr(:prefix, 1, 8), substr(:prefix, 9, 4), n), :project, id, name,
       CASE WHEN nights % :manual = 7 THEN printf('before-release-%d', nights)
            ELSE printf('mysql-%s-%d', name, nights) END,
       '', CASE WHEN nights % :manual = 7 THEN 'manual' ELSE 'auto' END,
       CASE WHEN n % 67 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, version,
       begin_at, begin_at + 60 + used_gb,
       CASE WHEN n % 67 = 0 THEN 0.0 ELSE round(used_gb * 400 + nights, 2) END,
       printf('%s-%s-4000-9000-%012x', substr(:prefix, 1, 8), substr(:prefix, 9, 4), n)
FROM made
"""
