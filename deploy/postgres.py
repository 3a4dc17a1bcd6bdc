"""A real PostgreSQL server that comes along with the installation."""

import locale
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from string import Template

import psycopg

from deploy import account, addresses, owned, siting

SETTINGS = Template(
    """\
# Written anew at every start.
listen_addresses = '$listen'
port = $port
unix_socket_directories = '$sockets'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_line_prefix = '%m [%p] '
log_checkpoints = off
fsync = $durable
synchronous_commit = $durable
full_page_writes = $durable
"""
)


class EmbeddedPostgres:
    """One PostgreSQL server under `home`; if not durable (tests), fast, and lost with the machine."""

    def __init__(
        self, home: Path, *, is_durable: bool = True, say: Callable[[str], None] = owned.silent
    ) -> None:
        self.home = home.absolute()
        self.is_durable = is_durable
        self._say = say
        self._place: siting.Place | None = None

    @property
    def place(self) -> siting.Place:
        """Where its files are and as whom it runs."""
        if self._place is None:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._place = siting.find(self.home, self._say)
        return self._place

    def prepare(self) -> None:
        """Make the cluster if there is none, write its settings, stop what a killed run left."""
        try:
            self._refuse_another_release()
            self.stop()
            self._forget_another()
            if not self.place.data.is_dir():
                self._initdb()
            self._write_settings()
        except PermissionError as error:
            raise owned.EngineError(
                f"{error.filename} belongs to another user: "
                f"start as that user, or as root, or remove {self.home}."
            ) from error

    def argv(self) -> list[str]:
        """The command that serves in the foreground."""
        return self._as_account([str(self.place.programs / "postgres"), "-D", str(self.place.data)])

    def url(self) -> str:
        """Where the database answers."""
        return addresses.kept_address(self.home) or addresses.database_url_in(self.place.directory)

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when it answers; the database is made when it is missing."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._make_database()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise owned.EngineError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, whoever started it: clients are cut off, nothing committed is lost."""
        process = owned.find(self.place.data / "postmaster.pid", self.place.data)
        if process:
            owned.stop(process, signal.SIGINT)

    def _forget_another(self) -> None:
        """Remove a pid file whose number is another process's by now: PostgreSQL would take that for itself.

        One that nobody has is left alone; PostgreSQL reads more from it, and replaces it.
        """
        pid_file = self.place.data / "postmaster.pid"
        if pid_file.is_file() and owned.names_a_process(pid_file):
            pid_file.unlink()

    def _make_database(self) -> None:
        server = self.url().removesuffix(addresses.DATABASE_NAME) + "postgres"
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [addresses.DATABASE_NAME]
            )
            if not found.fetchone():
                connection.execute(f'CREATE DATABASE "{addresses.DATABASE_NAME}"')

    def _initdb(self) -> None:
        """Make the cluster beside its place and rename it, so that half a cluster is never taken for one."""
        self._say("Making the database (once).")
        fresh = self.place.directory / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = self.place.directory / "password"
        owned.write_private(password, secrets.token_urlsafe(24), self.place.owner)
        initdb = [str(self.place.programs / "initdb"), "-D", str(fresh), "-U", addresses.DATABASE_USER]
        options = ["--encoding", "UTF8", "--locale", utf8_locale(), "--auth-local", "trust"]
        self._run([*initdb, *options, "--auth-host", "scram-sha-256", "--pwfile", str(password)])
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("include_if_exists = 'safepoint.conf'\n")
        fresh.rename(self.place.data)

    def _write_settings(self) -> None:
        sockets = self.place.directory
        has_socket = addresses.fits(sockets / f".s.PGSQL.{addresses.POSTGRES_PORT}")
        port = addresses.POSTGRES_PORT if has_socket else owned.free_port(addresses.kept_port(self.home))
        settings = SETTINGS.substitute(
            listen="" if has_socket else "127.0.0.1",
            port=port,
            sockets=str(sockets).replace("'", "''") if has_socket else "",
            durable="on" if self.is_durable else "off",
        )
        owned.write_private(self.place.data / "safepoint.conf", settings, self.place.owner)
        password = (sockets / "password").read_text().strip()
        by_port = addresses.database_url_at(port, password)
        owned.keep_address(self.home, "" if has_socket else by_port)
        if has_socket and sockets != self.home:
            owned.keep_address(self.home, addresses.database_url_in(sockets))

    def _refuse_another_release(self) -> None:
        version = self.place.data / "PG_VERSION"
        if not version.is_file():
            return
        ours = (
            subprocess.run(
                [self.place.programs / "postgres", "--version"], capture_output=True, text=True, check=True
            )
            .stdout.split()[-1]
            .split(".")[0]
        )
        theirs = version.read_text().strip()
        if ours != theirs:
            raise owned.EngineError(
                f"The data in {self.place.data} is of PostgreSQL {theirs}, the server here is {ours}: "
                "move it with pg_upgrade or pg_dump (docs/operate.md)."
            )

    def _as_account(self, command: list[str]) -> list[str]:
        user = self.place.account
        return account.running_as(user, command) if user else command

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(self._as_account(command), check=False, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise owned.EngineError(f"{command[0]} failed: {done.stderr.strip()[-800:]}")


def utf8_locale() -> str:
    """A locale of this system under which letters beyond ASCII are letters, or C."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name if name != "UTF-8" else "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)
    return "C"
