"""Where the embedded servers answer: the one rule that the settings and the engine both follow.

A Unix socket's path may hold about a hundred characters. Under a longer directory the engine serves on a
port of 127.0.0.1 with a password instead, and leaves the whole address, mode 600, in a file of its home.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit

SOCKET_PATH_LIMIT = 100
POSTGRES_PORT = 5432
DATABASE_NAME = "safepoint"
DATABASE_USER = "safepoint"


def default_database_url(var: Path) -> str:
    """The address of the embedded PostgreSQL whose home is under `var`."""
    home = postgres_home(var)
    return kept_address(home) or database_url_in(home)


def default_redis_url(var: Path) -> str:
    """The address of the embedded Valkey whose home is under `var`."""
    home = valkey_home(var)
    return kept_address(home) or redis_url_in(home)


def postgres_home(var: Path) -> Path:
    """The home of the embedded PostgreSQL."""
    return var.absolute() / "postgres"


def valkey_home(var: Path) -> Path:
    """The home of the embedded Valkey."""
    return var.absolute() / "valkey"


def database_url_in(directory: Path) -> str:
    """The address of a PostgreSQL whose socket is in `directory`."""
    return f"postgresql://{DATABASE_USER}@{quote(str(directory), safe='')}/{DATABASE_NAME}"


def database_url_at(port: int, password: str) -> str:
    """The address of a PostgreSQL on a port of this machine."""
    return f"postgresql://{DATABASE_USER}:{quote(password)}@127.0.0.1:{port}/{DATABASE_NAME}"


def redis_socket_in(directory: Path) -> Path:
    """The socket of the embedded Valkey."""
    return directory / "valkey.sock"


def redis_url_in(directory: Path) -> str:
    """The address of a Valkey whose socket is in `directory`."""
    return f"unix://{quote(str(redis_socket_in(directory)))}?db=0"


def fits(socket: Path) -> bool:
    """Whether a socket of this path can be bound on every system."""
    return len(str(socket).encode()) <= SOCKET_PATH_LIMIT


def address_file(home: Path) -> Path:
    """Where the engine leaves the address of a server that has no socket in its home."""
    return home / "address"


def kept_address(home: Path) -> str:
    """The address that the engine left, or nothing."""
    path = address_file(home)
    return path.read_text().strip() if path.is_file() else ""


def kept_port(home: Path) -> int:
    """The port of the kept address, or 0."""
    return urlsplit(kept_address(home)).port or 0
