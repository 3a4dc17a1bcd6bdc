"""The databases of a run: made when they are missing or of another making."""

import hashlib
import time

import psycopg

from benchmarks.stand import Stand
from deploy.choices import REPOSITORY

EMPTY = "empty"
MIGRATE = ("migrate", "--no-input", "--skip-checks", "--verbosity", "0")
MAKING = ("benchmarks/world.py", "benchmarks/world.sql")


def database(stand: Stand, name: str, *, rows: int, instances: int) -> str:
    """The address of a world of that size; one that is there from an earlier run is used again."""
    wanted = f"{rows} backups of {instances} instances, made by {_maker()}"
    url = stand.database(name)
    with psycopg.connect(url) as connection:
        told = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    if told and told[0] == wanted:
        stand.manage(*MIGRATE, database_url=url)
        return url
    began = time.monotonic()
    print(f"Making {rows:,} backups of {instances:,} instances.", flush=True)
    stand.manage(*MIGRATE, database_url=stand.database(EMPTY))
    url = stand.copy(name, of=EMPTY)
    stand.manage("bench_world", "--rows", str(rows), "--instances", str(instances), database_url=url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{wanted}'")
    print(f"  made in {time.monotonic() - began:.0f} s", flush=True)
    return url


def _maker() -> str:
    """What decides how a world looks."""
    made_by = b"".join((REPOSITORY / name).read_bytes() for name in MAKING)
    return hashlib.sha256(made_by).hexdigest()[:16]
