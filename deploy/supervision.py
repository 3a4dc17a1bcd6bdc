"""The supervisor, a child of `make run`: keeps the processes alive; XML-RPC tells it which to start."""

import configparser
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client  # nosec B411
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy import addresses, owned, pidfiles, processes
from deploy.choices import REPOSITORY, Choices

NAME = "supervisor"
PATIENCE = 20.0


class SupervisionError(RuntimeError):
    """A process does not come up; the words are for the person who started it."""


class Supervisor:
    """One supervisord for `names`, which starts none of them by itself."""

    def __init__(self, choices: Choices, names: Sequence[str]) -> None:
        self.choices = choices
        self.names = names
        self.process: subprocess.Popen[bytes] | None = None
        self._socket = socket_in(choices.run_directory)

    def start(self) -> None:
        """Start supervisord and wait until it listens."""
        file = self.choices.run_directory / "supervisord.conf"
        owned.write_private(file, render(self.choices, self.names, self._socket))
        command = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(file)]
        # Its own session: a Ctrl-C is for us alone, who then stop it in order.
        self.process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        pidfiles.record(self.choices.run_directory, NAME, self.process.pid)
        self._wait(lambda: self._rpc().getState() is not None, "The supervisor does not answer")

    def start_processes(self, *names: str) -> None:
        """Start every copy of these; each stays up for a second, or SupervisionError says why not.

        A first try that fails is followed by others: what counts is whether a process stays up.
        """
        for name in names:
            with contextlib.suppress(xmlrpc.client.Fault):
                self._rpc().startProcessGroup(name, False)
        for name in names:
            self._wait(partial(self._is_up, name), f"The process {name} does not start", name=name)

    def stop(self) -> None:
        """Stop all; returns when all are gone: first those that use the servers, then the servers."""
        if not self.process or self.process.poll() is not None:
            return
        for several in (processes.ON_TOP, processes.SERVERS):
            with contextlib.suppress(OSError, xmlrpc.client.Error):
                self._stop_together([name for name in self.names if name in several])
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def last_words(self, name: str) -> str:
        """The last line that a process said."""
        log = self.choices.log_directory / f"{name}.log"
        lines = log.read_text(errors="replace").split("\n") if log.is_file() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

    def _stop_together(self, names: Sequence[str]) -> None:
        for name in names:
            with contextlib.suppress(xmlrpc.client.Fault):  # not running
                self._rpc().stopProcessGroup(name, False)
        while any(each["pid"] for each in self._rpc().getAllProcessInfo() if each["group"] in names):
            time.sleep(0.05)

    def _is_up(self, name: str) -> bool:
        states = [each for each in self._rpc().getAllProcessInfo() if each["group"] == name]
        return bool(states) and all(each["statename"] == "RUNNING" for each in states)

    def _wait(self, is_so: Callable[[], bool], what: str, *, name: str = NAME) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if is_so():
                    return
            except (OSError, xmlrpc.client.Error):
                pass
            time.sleep(0.1)
        raise SupervisionError(f"{what}: {self.last_words(name)}")

    def _rpc(self) -> Any:
        """The supervisor, over a socket that nobody else may use: its XML can be trusted."""
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor


def socket_in(directory: Path) -> Path:
    """Where the supervisor listens: in `directory`, or in a fresh one if that path is too long."""
    wanted = directory / "supervisor.sock"
    # supervisord binds `<socket>.<pid>` first
    if addresses.fits(wanted.with_name(f"{wanted.name}.{2**22}")):
        return wanted
    return Path(tempfile.mkdtemp(prefix="safepoint-")) / "supervisor.sock"


def render(choices: Choices, names: Sequence[str], socket: Path) -> str:
    """The supervisor's configuration; it starts in this order and stops in the other."""
    config = configparser.RawConfigParser()
    config["unix_http_server"] = {"file": _plain(socket), "chmod": "0700"}
    config["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    config["supervisorctl"] = {"serverurl": f"unix://{_plain(socket)}"}
    config["supervisord"] = {
        "nodaemon": "true",
        "pidfile": _plain(choices.run_directory / "supervisord.pid"),
        "logfile": _plain(choices.log_directory / f"{NAME}.log"),
        "childlogdir": _plain(choices.log_directory),
        **({"user": "root"} if os.geteuid() == 0 else {}),  # said, so that it does not warn
    }
    for priority, name in enumerate(names, 1):
        config[f"program:{name}"] = program(choices, processes.PROCESSES[name], priority)
    with tempfile.TemporaryFile("w+") as file:
        config.write(file)
        file.seek(0)
        return file.read()


def program(choices: Choices, process: processes.Process, priority: int) -> dict[str, str]:
    """One process: started when told, started again whenever it dies."""
    launch = f'"{_plain(Path(sys.executable))}" -m deploy.launch {process.name}'
    return {
        "command": f'{launch} --copy %(process_num)d --pid-directory "{_plain(choices.run_directory)}"',
        "directory": _plain(REPOSITORY),
        "process_name": f"{process.name}%(process_num)d",
        "numprocs": str(process.copies(choices)),
        "priority": str(priority),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "100000",
        "stopsignal": process.stop_signal,
        "stopwaitsecs": str(process.stop_seconds),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _plain(choices.log_directory / f"{process.name}.log"),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "3",
    }


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")
