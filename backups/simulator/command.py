"""Starts the simulated cloud from the command line, and stops it."""

import argparse
import math
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from backups.simulator import credentials, keys
from backups.simulator.cloud import Cloud, Habits
from backups.simulator.exchange import Exchange
from backups.simulator.filling import Size, fill
from backups.simulator.server import Server
from backups.simulator.store import StateUnreadableError

EVERYWHERE = frozenset({"", "0.0.0.0"})  # noqa: S104 - compared with, not bound to
MOST_PORT = 65535
ENDING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    host: str
    port: int
    keys_file: Path | None
    has_control: bool
    habits: Habits
    size: Size | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=8010, help="where to listen; 0 for any free port")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--seed", default="1", help="what the world is made from; a state keeps its own")
    parser.add_argument(
        "--build-seconds", type=float, default=40.0, help="how long the median instance's backup takes"
    )
    parser.add_argument("--state", type=Path, help="a file that keeps the world; in memory without it")
    parser.add_argument("--keys-file", type=Path, help="where to write how to sign in")
    parser.add_argument("--history-days", type=int, default=60, help="how many days of backups there are")
    parser.add_argument("--projects", type=int, default=1, help="with --instances: how many more projects")
    parser.add_argument(
        "--instances", type=int, default=0, help="as many more instances, in projects of their own"
    )
    parser.add_argument("--backups", type=int, default=0, help="with --instances: how many backups of them")
    parser.add_argument("--control", action="store_true", help="open /_control/, which makes the cloud fail")


def read(given: dict[str, object]) -> Options:
    """The options as they were given."""
    arguments = argparse.Namespace(**given)
    habits = Habits(arguments.seed, arguments.build_seconds, arguments.history_days, arguments.state)
    size = Size(arguments.projects, arguments.instances, arguments.backups) if arguments.instances else None
    return Options(arguments.host, arguments.port, arguments.keys_file, arguments.control, habits, size)


def run(options: Options) -> int:
    """Serve until a signal ends it; returns the exit code."""
    problem = _problem(options)
    if problem:
        return _complain(problem)
    for number in ENDING:
        signal.signal(number, lambda _number, _frame: sys.exit(0))
    try:
        cloud = Cloud(options.habits)
        if options.size and not cloud.store.recall("filled"):
            fill(cloud, options.size)
            cloud.store.remember("filled", "yes")
    except StateUnreadableError as error:
        return _complain(f"The simulated cloud cannot start: {error}.")
    try:
        exchange = Exchange(cloud, is_recorded=options.has_control)
        server = Server((options.host, options.port), exchange, has_control=options.has_control)
    except OSError as error:
        return _complain(
            f"The simulated cloud cannot listen at {options.host}:{options.port}: {error.strerror}."
        )
    return _serve(server, cloud, options)


def _problem(options: Options) -> str:
    if not 0 <= options.port <= MOST_PORT:
        return "The port must be a number from 0 to 65535."
    if not 0 < options.habits.build_seconds < math.inf or options.habits.history_days < 0:
        return "The build seconds must be above 0 and the days of history not below 0."
    if options.size and (options.size.projects < 1 or min(options.size.instances, options.size.backups) < 0):
        return "Of projects there must be one or more, of instances and backups not fewer than none."
    return ""


def _serve(server: Server, cloud: Cloud, options: Options) -> int:
    _stop_on_signals(server)
    port = server.server_address[1]
    endpoint = f"http://{'127.0.0.1' if options.host in EVERYWHERE else options.host}:{port}"
    with cloud.store.transaction() as db:
        projects = credentials.of_projects(db)
    try:
        return _open(server, endpoint, projects, options.keys_file)
    finally:
        server.server_close()
        cloud.close()


def _open(server: Server, endpoint: str, projects: list[dict[str, Any]], keys_file: Path | None) -> int:
    """Hand out the keys and answer calls."""
    if keys_file:
        try:
            keys.write(keys_file, endpoint, projects)
        except OSError as error:
            return _complain(f"The keys file {keys_file} cannot be written: {error.strerror}.")
    names = ", ".join(project["name"] for project in projects)
    _say(f"The simulated cloud listens at {endpoint}; its projects: {names}.")
    server.serve_forever(poll_interval=0.1)
    return 0


def _stop_on_signals(server: Server) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs, so another one has to ask for it
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in ENDING:
        signal.signal(number, stop)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _complain(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return 1


def main() -> int:
    """`python -m backups.simulator`."""
    parser = argparse.ArgumentParser(prog="simulator", description="A simulated cloud to take backups in.")
    add_arguments(parser)
    return run(read(vars(parser.parse_args())))
