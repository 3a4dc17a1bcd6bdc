"""What the operator chose in the environment, as far as starting needs it (docs/configure.md)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


class ChoiceError(ValueError):
    """A variable whose value cannot be meant; the words name it."""


@dataclass(frozen=True)
class Choices:
    """The variables, read."""

    var: Path
    port: int
    bind_address: str
    web_workers: int
    worker_processes: int
    has_demo: bool
    simulator_host: str
    simulator_port: int
    database_url: str
    redis_url: str

    @property
    def run_directory(self) -> Path:
        """Pid files, the supervisor's socket and configuration."""
        return self.var / "run"

    @property
    def log_directory(self) -> Path:
        """What the processes say."""
        return self.var / "log"

    @property
    def simulator_keys(self) -> Path:
        """Where the simulator writes the keys to its projects."""
        return self.var / "simulator-keys.json"

    @property
    def demo_password(self) -> Path:
        """Where the password of the demo accounts is kept."""
        return self.var / "demo_password"


def read(environ: Mapping[str, str] = os.environ) -> Choices:
    """Read the variables; ChoiceError names the one that is wrong."""
    return Choices(
        var=Path(environ.get("VAR_DIR") or REPOSITORY / "var").absolute(),
        port=_number(environ, "PORT", 8000, most=65535),
        bind_address=environ.get("BIND_ADDRESS") or "127.0.0.1",
        web_workers=_number(environ, "WEB_WORKERS", 2, most=64),
        worker_processes=_number(environ, "WORKER_PROCESSES", 1, most=64),
        has_demo=_answer(environ, "DEMO", default=True),
        simulator_host=environ.get("SIMULATOR_HOST") or "127.0.0.1",
        simulator_port=_number(environ, "SIMULATOR_PORT", 8010, most=65535),
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
    )


def _number(environ: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise ChoiceError(f"{name} is {text!r}; it must be a number from 1 to {most}.")
    return int(text)


def _answer(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in ("", "yes", "no", "true", "false", "on", "off", "1", "0"):
        return text in ("yes", "true", "on", "1") if text else default
    raise ChoiceError(f"{name} is {text!r}; it must be yes or no.")
