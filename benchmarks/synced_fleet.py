"""The first sync of a large fleet from the simulated cloud, and one after a little has changed."""

import http.client
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_most
from benchmarks.scene import Scene
from benchmarks.stand import SETTINGS, Stand, StandError
from benchmarks.worlds import MIGRATE
from deploy.owned import free_port
from deploy.processes import manage

PROJECTS = 10
NAME = "bulk"
NEW_BACKUPS = 100
FILLED_WITHIN_SECONDS = 600.0
MOST_SHARE_OF_FIRST = 0.1
FAST = "1000000"
"""Calls a second that are allowed: what is measured is the work, not the wait between calls."""


def measure(scene: Scene) -> list[Figure]:
    """Both syncs beside the very same list calls, made by the bare client of the cloud."""
    stand, sizes = scene.stand, scene.choices
    port = free_port()
    keys = stand.home / "simulator-keys.json"
    stand.spawn(
        "simulator",
        manage(
            *("simulator", "--port", str(port), "--keys-file", str(keys), "--control", "--history-days", "1"),
            *("--projects", str(PROJECTS), "--instances", str(sizes.synced_instances)),
            *("--backups", str(sizes.synced_rows)),
        ),
        stand.environ,
    )
    _wait_for(keys)
    stand.drop("synced")
    url = stand.database("synced")
    stand.manage(*MIGRATE, database_url=url)
    first = _sync(stand, url, port)
    _change(port, keys)
    again = _sync(stand, url, port)
    rate = first["backups"] / first["seconds"]
    return [
        Figure(
            f"first sync: {first['instances']:,} instances, {first['backups']:,} backups",
            first["seconds"],
            "s",
            first["floor_seconds"],
            f"the same {first['calls']:,} calls",
        ),
        Figure("first sync: backups", rate, "/s"),
        Figure("first sync: backups missing", sizes.synced_rows - first["backups"], "", goal=at_most(0)),
        Figure("first sync: process at most", first["peak_mb"], "MB"),
        Figure(
            f"sync after {NEW_BACKUPS} new backups",
            again["seconds"],
            "s",
            again["floor_seconds"],
            f"the same {again['calls']:,} calls",
        ),
        Figure(
            "sync after a little: calls",
            again["calls"],
            "",
            first["calls"],
            "first sync",
            goal=at_most(first["calls"] * MOST_SHARE_OF_FIRST),
        ),
        Figure(
            "sync after a little: not found",
            first["backups"] + NEW_BACKUPS - again["backups"],
            "",
            goal=at_most(0),
        ),
    ]


def _sync(stand: Stand, url: str, port: int) -> dict[str, Any]:
    endpoint = f"http://127.0.0.1:{port}"
    told = stand.command(
        manage("bench_sync", "--keys-file", str(stand.home / "simulator-keys.json"), "--name", NAME),
        DATABASE_URL=url,
        CLOUD_ENDPOINTS=endpoint,
        CLOUD_CALLS_PER_SECOND=FAST,
        DJANGO_SETTINGS_MODULE=SETTINGS,
    )
    read: dict[str, Any] = json.loads(told.splitlines()[-1])
    return read


def _wait_for(keys: Path) -> None:
    """The keys are written once the cloud answers."""
    deadline = time.monotonic() + FILLED_WITHIN_SECONDS
    while not keys.is_file():
        if time.monotonic() > deadline:
            raise StandError("The simulated cloud did not come up.")
        time.sleep(0.2)


def _change(port: int, keys: Path) -> None:
    """A hundred backups that somebody else has taken since."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    made = [
        each["project_id"]
        for each in json.loads(keys.read_text())["projects"]
        if NAME in each["name"].lower()
    ]
    listed = [_control(connection, "GET", f"instances?project_id={project}") for project in made]
    instances = [instance for answer in listed for instance in answer["instances"]]
    for number in range(NEW_BACKUPS):
        chosen = instances[number * 7 % len(instances)]
        _control(
            connection, "POST", "backups", {"instance_id": chosen["id"], "name": f"taken-elsewhere-{number}"}
        )
    connection.close()


def _control(
    connection: http.client.HTTPConnection, method: str, path: str, told: dict[str, Any] | None = None
) -> Any:
    body = json.dumps(told) if told is not None else None
    connection.request(method, f"/_control/{path}", body=body, headers={"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= http.client.BAD_REQUEST:
        raise StandError(f"The simulated cloud refused {path}: {answer[:300]!r}")
    return json.loads(answer) if answer else None
