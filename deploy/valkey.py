"""A real Valkey server that comes along with the installation."""

import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path
from string import Template
from urllib.parse import quote

import redis

from deploy import addresses, binaries, owned

SETTINGS = Template(
    """\
# Written anew at every start.
dir "$home"
pidfile "$home/valkey.pid"
$listen
daemonize no
loglevel warning
appendonly $durable
appendfsync everysec
save ""
maxmemory-policy noeviction
"""
)


class EmbeddedValkey:
    """One Valkey server under `home`, which writes down what it is told before it forgets (appendonly)."""

    def __init__(
        self, home: Path, *, is_durable: bool = True, say: Callable[[str], None] = owned.silent
    ) -> None:
        self.home = home.absolute()
        self.is_durable = is_durable
        self._say = say

    def prepare(self) -> None:
        """Write its settings and stop what a killed run left."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.stop()
        socket_file = addresses.redis_socket_in(self.home)
        if addresses.fits(socket_file):
            listen = f'port 0\nunixsocket "{socket_file}"\nunixsocketperm 700'
            owned.keep_address(self.home, "")
        else:
            port, password = owned.free_port(addresses.kept_port(self.home)), secrets.token_urlsafe(24)
            listen = f"bind 127.0.0.1\nport {port}\nrequirepass {password}"
            owned.keep_address(self.home, f"redis://:{quote(password)}@127.0.0.1:{port}/0")
        durable = "yes" if self.is_durable else "no"
        settings = SETTINGS.substitute(home=self.home, listen=listen, durable=durable)
        owned.write_private(self.home / "valkey.conf", settings)

    def argv(self) -> list[str]:
        """The command that serves in the foreground."""
        return [str(binaries.valkey_program()), str(self.home / "valkey.conf")]

    def url(self) -> str:
        """Where it answers."""
        return addresses.kept_address(self.home) or addresses.redis_url_in(self.home)

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + timeout
        with redis.Redis.from_url(self.url(), socket_timeout=5) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.RedisError as error:
                    if time.monotonic() > deadline:
                        raise owned.EngineError(f"Valkey does not answer: {error}") from error
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, whoever started it."""
        process = owned.find(self.home / "valkey.pid", self.home)
        if process:
            owned.stop(process, signal.SIGTERM)
