"""A Safepoint of its own, as `make run` starts it: the demo's data, free ports, and a folder that passes."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.choices import REPOSITORY
from deploy.owned import free_port


@dataclass(frozen=True)
class Site:
    """Where it answers, and the password of its demo accounts."""

    url: str
    password: str


@contextmanager
def own_site() -> Iterator[Site]:
    """Start it; it is ready when this enters, and stopped and gone when this leaves."""
    port, simulator_port = free_port(), free_port()
    site = Site(f"http://localhost:{port}", secrets.token_urlsafe(12))
    with tempfile.TemporaryDirectory(prefix="safepoint-") as folder:
        mine = {
            "VAR_DIR": folder,
            "PORT": str(port),
            "SIMULATOR_PORT": str(simulator_port),
            "SITE_URL": site.url,
            "DEMO": "yes",
            "DEMO_PASSWORD": site.password,
        }
        foreign = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "ALLOWED_HOSTS", "DEBUG")
        inherited = {name: value for name, value in os.environ.items() if name not in foreign}
        # PostgreSQL runs as another account where one is root.
        Path(folder).chmod(0o755)
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.run"],
            cwd=REPOSITORY,
            env=inherited | mine,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            wait_until_ready(process)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Read what it says until it says that it is ready."""
    assert process.stdout
    for line in process.stdout:
        print(f"  {line.rstrip()}", flush=True)
        if line.startswith("Safepoint is ready"):
            return
    sys.exit("Safepoint did not start; what it said stands above.")
