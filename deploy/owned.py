"""A server process that belongs to one directory: found again by its pid file, and stopped by its pid."""

import os
import signal
import socket
from pathlib import Path

import psutil

from deploy import addresses


class EngineError(RuntimeError):
    """A server cannot be made or does not answer; the words are for the person who started it."""


def silent(_: str) -> None:
    """Say nothing."""


def find(pid_file: Path, directory: Path) -> psutil.Process | None:
    """The live process that `pid_file` names, if it really works in `directory`.

    A pid file outlives `kill -9`, and its number may be another process's by now (after a reboot it likely
    is): only a process whose working directory is the server's own is the server.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if Path(process.cwd()).samefile(directory) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def names_a_process(pid_file: Path) -> bool:
    """Whether the number in `pid_file` is that of any process."""
    first = pid_file.read_text().split()[:1]
    return bool(first) and first[0].isdigit() and psutil.pid_exists(int(first[0]))


def stop(process: psutil.Process, ask: signal.Signals, timeout: float = 15.0) -> None:
    """Ask the process to stop; after `timeout` seconds it is killed."""
    try:
        process.send_signal(ask)
        process.wait(timeout)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(timeout)
    except psutil.NoSuchProcess:
        return


def write_private(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """Write a file that only its owner reads, all of it or nothing."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if owner:
        os.chown(fresh, *owner)
    fresh.replace(path)


def keep_address(home: Path, address: str) -> None:
    """Leave the address where the settings look for it, or take it away."""
    path = addresses.address_file(home)
    if address:
        write_private(path, f"{address}\n")
    else:
        path.unlink(missing_ok=True)


def free_port(wanted: int = 0) -> int:
    """`wanted` if it is free, else a port that is."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
        except OSError:
            listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
