"""`make run`: all of Safepoint in the foreground, from one command, until Ctrl-C.

1. Look: is it running already, are the ports free, do one's own servers answer.
2. Stop what a killed run left behind.
3. Start the supervisor; then, through it, PostgreSQL and Valkey.
4. Keys, tables, static files, checks.
5. In a demo: the simulated cloud, and two months of a team's work.
6. The worker, the reconciler, the pages.
"""

import os
import re
import signal
import subprocess
import sys
import time
from types import FrameType

from dotenv import dotenv_values

from deploy import choices, demo, health, pidfiles, preflight, processes, supervision, terminal
from deploy.addresses import postgres_home, valkey_home
from deploy.binaries import MissingServerError
from deploy.choices import REPOSITORY, Choices
from deploy.engine import EmbeddedPostgres, EmbeddedValkey, EngineError

PATIENCE = 60.0
SENTENCES = (
    choices.ChoiceError,
    demo.DemoError,
    EngineError,
    MissingServerError,
    preflight.PreflightError,
    supervision.SupervisionError,
)
# A command's own refusal, a failed system check, or the end of a traceback.
TELLING = re.compile(r"(CommandError|\?|[\w.]+(Error|Exception|Configured)): ")


class StopAsked(BaseException):
    """Ctrl-C, SIGTERM, or the terminal went away. Not an error, so nothing catches it by accident."""


class StepError(RuntimeError):
    """A command that prepares the start failed; the words are its own."""


def say(text: str) -> None:
    """A line of progress."""
    print(text, flush=True)


def main() -> int:
    """Run until asked to stop: 0. Anything that keeps it from running: a sentence and 1."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        with terminal.foreground():
            return run()
    except StopAsked:
        return 0
    except (*SENTENCES, StepError) as error:
        print(f"Safepoint does not run. {error}", file=sys.stderr, flush=True)
        return 1


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    """Once; from then on signals change nothing, since we are stopping already."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise StopAsked


def run() -> int:
    """Everything between the lock and the last process's end."""
    began = time.monotonic()
    for name, value in dotenv_values(REPOSITORY / ".env").items():
        os.environ.setdefault(name, value or "")
    chosen = choices.read()
    allow_simulator(chosen)
    lock = preflight.lock(chosen)
    stop_leftovers(chosen)
    preflight.check_all(chosen)
    supervisor = supervision.Supervisor(chosen, names_of(chosen))
    try:
        start(chosen, supervisor)
        say(welcome(chosen, time.monotonic() - began))
        assert supervisor.process  # noqa: S101 - started above
        supervisor.process.wait()
        raise supervision.SupervisionError("The supervisor ended; the next start clears up after it.")
    finally:
        say("Stopping.")
        supervisor.stop()
        os.close(lock)
        say("Stopped.")


def allow_simulator(chosen: Choices) -> None:
    """The demo's cloud is one that the operator allows."""
    if chosen.has_demo:
        own = os.environ.get("CLOUD_ENDPOINTS", "")
        simulated = f"http://{chosen.simulator_host}:{chosen.simulator_port}"
        os.environ["CLOUD_ENDPOINTS"] = ",".join(filter(None, [own, simulated]))


def stop_leftovers(chosen: Choices) -> None:
    """Stop what a killed run left: first the supervisor, which would start the others again."""
    pidfiles.stop_left(chosen.run_directory, supervision.NAME)
    pidfiles.stop_all_left(chosen.run_directory)


def names_of(chosen: Choices) -> list[str]:
    """The processes of this run in the order of their start."""
    servers = [
        name for name, own in (("postgres", chosen.database_url), ("valkey", chosen.redis_url)) if not own
    ]
    return [*servers, *(["simulator"] if chosen.has_demo else []), "worker", "reconciler", "web"]


def start(chosen: Choices, supervisor: supervision.Supervisor) -> None:
    """Start everything in order, each thing waited for."""
    postgres = EmbeddedPostgres(postgres_home(chosen.var), say=say)
    valkey = EmbeddedValkey(valkey_home(chosen.var), say=say)
    if not chosen.database_url:
        postgres.prepare()
    if not chosen.redis_url:
        valkey.prepare()
    supervisor.start()
    for name, server in (("postgres", postgres), ("valkey", valkey)):
        if name in supervisor.names:
            say(f"Starting {'PostgreSQL' if name == 'postgres' else 'Valkey'}.")
            supervisor.start_processes(name)
            server.wait_ready(PATIENCE)
    for title, command in processes.STEPS.items():
        step(chosen, title, command)
    if chosen.has_demo:
        start_demo(chosen, supervisor)
    say("Starting the worker, the reconciler and the pages.")
    supervisor.start_processes("worker", "reconciler", "web")
    wait_for_pages(chosen, supervisor)


def start_demo(chosen: Choices, supervisor: supervision.Supervisor) -> None:
    """The simulated cloud, and the demo's data, loaded once."""
    say("Starting the simulated cloud.")
    chosen.simulator_keys.unlink(missing_ok=True)
    supervisor.start_processes("simulator")
    demo.wait_for_keys(chosen)
    demo.keep_password(chosen)
    step(chosen, "Demo data", processes.load_demo(chosen))


def step(chosen: Choices, title: str, command: list[str]) -> None:
    """Run a management command to its end, its words kept in a log."""
    say(f"{title}.")
    log = chosen.log_directory / "setup.log"
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate()
        except StopAsked:
            process.terminate()
            raise
    with log.open("a") as file:
        file.write(f"{' '.join(command[1:])}\n{output}\n")
    if process.returncode:
        raise StepError(f"{title}: {reason(output)} (All of it is in {log}.)")


def reason(output: str) -> str:
    """The line that says what is wrong, of all that a management command printed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it said nothing"]
    told = [line for line in lines if TELLING.match(line)]
    hint = next((line for line in lines if line.startswith("HINT:")), "") if told else ""
    return f"{(told or lines)[-1]} {hint}".strip()


def wait_for_pages(chosen: Choices, supervisor: supervision.Supervisor) -> None:
    """Return when a request is answered."""
    deadline = time.monotonic() + PATIENCE
    while not health.answers(chosen.bind_address, chosen.port):
        if time.monotonic() > deadline:
            raise StepError(f"The pages do not answer: {supervisor.last_words('web')}")
        time.sleep(0.1)


def welcome(chosen: Choices, seconds: float) -> str:
    """Where to go, and how to sign in."""
    site = os.environ.get("SITE_URL") or f"http://localhost:{chosen.port}"
    lines = ["", f"Safepoint is ready after {seconds:.0f} s: {site}", ""]
    if chosen.has_demo:
        password = chosen.demo_password.read_text().strip()
        lines += [
            "  Sign in as dba, lead, admin or auditor; the password of each is " + password,
            f"  The cloud is a simulated one, on port {chosen.simulator_port}: try whatever you like.",
        ]
    else:
        lines.append("  The first page makes the first administrator.")
    return "\n".join([*lines, f"  Logs are in {chosen.log_directory}. Ctrl-C stops everything.", ""])


if __name__ == "__main__":
    sys.exit(main())
