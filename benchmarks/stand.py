"""The servers of a run: PostgreSQL, Valkey and web processes of its own, all stopped at its end."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from base64 import urlsafe_b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

import psycopg

from deploy import choices as deployed
from deploy import health
from deploy.choices import REPOSITORY
from deploy.engine import EmbeddedPostgres, EmbeddedValkey
from deploy.owned import free_port
from deploy.processes import PROCESSES, manage

PATIENCE_SECONDS = 120.0
SETTINGS = "benchmarks.settings"


class StandError(RuntimeError):
    """Something of the stand did not work; the words are its own."""


@dataclass(frozen=True)
class Web:
    """Web processes over one database."""

    port: int
    process: "subprocess.Popen[bytes]"
    database_url: str


class Stand:
    """Everything that runs for a run, in `home`; use it in a `with` statement."""

    def __init__(self, kept: Path | None = None) -> None:
        self._kept = kept
        self._stack = ExitStack()
        self.home = kept or Path()
        self.environ: dict[str, str] = {}
        self._postgres_url = ""

    def __enter__(self) -> "Stand":
        if self._kept is None:
            self.home = Path(tempfile.mkdtemp(prefix="safepoint-bench-"))
            self._stack.callback(shutil.rmtree, self.home, ignore_errors=True)
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o755)  # PostgreSQL's account must be able to pass
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self) -> None:
        postgres = EmbeddedPostgres(self.home / "postgres")
        if self._kept is None:
            # As root it may have to go elsewhere (deploy.siting).
            self._stack.callback(shutil.rmtree, postgres.place.directory, ignore_errors=True)
        self._postgres_url = self._serve(postgres)
        redis_url = self._serve(EmbeddedValkey(self.home / "valkey"))
        self.environ = {
            **os.environ,
            "REDIS_URL": redis_url,
            "VAR_DIR": str(self.home),
            "SECRET_KEY": self._kept_secret("secret", secrets.token_urlsafe(48)),
            "CREDENTIAL_KEYS": self._kept_secret("keys", urlsafe_b64encode(secrets.token_bytes(32)).decode()),
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "SITE_URL": "http://127.0.0.1",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "BIND_ADDRESS": "127.0.0.1",
            "DEMO": "no",
            "DEBUG": "no",
            "LOG_LEVEL": "ERROR",
            "API_CALLS_PER_MINUTE": "1000000000",
        }
        self.manage("collectstatic", "--no-input", "--verbosity", "0", database_url=self._postgres_url)

    def _kept_secret(self, name: str, fresh: str) -> str:
        path = self.home / name
        if not path.is_file():
            path.touch(mode=0o600)
            path.write_text(fresh)
        return path.read_text()

    def _serve(self, server: EmbeddedPostgres | EmbeddedValkey) -> str:
        server.prepare()
        with (self.home / f"{type(server).__name__}.log").open("ab") as log:
            process = subprocess.Popen(server.argv(), stdout=log, stderr=log, start_new_session=True)
        self._stack.callback(process.wait, 30)
        self._stack.callback(server.stop)
        server.wait_ready()
        return server.url()

    def database(self, name: str) -> str:
        """The address of the database `name`, made when it is missing."""
        with psycopg.connect(self._postgres_url, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
        return urlunsplit(urlsplit(self._postgres_url)._replace(path=f"/{name}"))

    def copy(self, name: str, of: str) -> str:
        """The address of the database `name`, made anew from another one."""
        self.drop(name)
        with psycopg.connect(self._postgres_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
        return self.database(name)

    def drop(self, name: str) -> None:
        """Remove the database `name`."""
        with psycopg.connect(self._postgres_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def version(self) -> str:
        """The release of PostgreSQL."""
        with psycopg.connect(self._postgres_url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def manage(self, *arguments: str, database_url: str) -> None:
        """Run a management command to its end."""
        self.command(manage(*arguments), DATABASE_URL=database_url)

    def command(self, command: list[str], **environ: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StandError(f"{' '.join(command[1:4])} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def spawn(self, name: str, command: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start a process that is stopped with the stand."""
        with (self.home / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environ, stdout=log, stderr=log, start_new_session=True
            )
        self._stack.callback(_stop, process)
        return process

    def web(self, database_url: str) -> Web:
        """Two web processes over a database, as deployed; this package's views are beside the pages."""
        port = free_port()
        environ = {**self.environ, "DATABASE_URL": database_url, "PORT": str(port), "WEB_WORKERS": "2"}
        command = PROCESSES["web"].command(deployed.read(environ))
        process = self.spawn(f"web-{port}", command, environ)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not health.answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise StandError((self.home / f"web-{port}.log").read_text()[-3000:])
            time.sleep(0.05)
        return Web(port, process, database_url)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)
