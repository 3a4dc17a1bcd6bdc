"""A file per supervised process, so that what a killed run left can be found and stopped."""

import json
import os
import signal
from pathlib import Path

import psutil

PATIENCE = 10.0


def record(directory: Path, name: str, pid: int | None = None) -> None:
    """Note that a process, this very one by default, is `name`; it stays so whatever it becomes by exec."""
    directory.mkdir(parents=True, exist_ok=True)
    process = psutil.Process(pid)
    _file(directory, name).write_text(json.dumps({"pid": process.pid, "created": process.create_time()}))


def stop_left(directory: Path, name: str) -> None:
    """Stop the last process of this name and the children it left, if they still run.

    A killed web server leaves its workers, which would go on answering beside new ones. The supervisor makes
    each process the leader of a group, and a group's number is not given away while the group has members.
    """
    try:
        noted = json.loads(_file(directory, name).read_text())
        pid, created = int(noted["pid"]), float(noted["created"])
    except (OSError, ValueError, KeyError):
        return
    if pid != os.getpid() and not _is_another(pid, created):
        _stop_group(pid)
    _file(directory, name).unlink(missing_ok=True)


def stop_all_left(directory: Path) -> None:
    """The same for every name noted in `directory`."""
    for path in directory.glob("*.pid.json"):
        stop_left(directory, path.name.removesuffix(".pid.json"))


def _is_another(pid: int, created: float) -> bool:
    """Whether the number has meanwhile been given to another process."""
    try:
        return abs(psutil.Process(pid).create_time() - created) > 2.0
    except psutil.NoSuchProcess:
        return False


def _members(group: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
    return found


def _stop_group(group: int) -> None:
    members = _members(group)
    for ask in (signal.SIGTERM, signal.SIGKILL):
        for process in members:
            try:
                process.send_signal(ask)
            except psutil.NoSuchProcess:
                continue
        _, members = psutil.wait_procs(members, PATIENCE)


def _file(directory: Path, name: str) -> Path:
    return directory / f"{name}.pid.json"
