"""`python3 deploy/install.py run|test` makes .venv and installs what is pinned, hashes checked.

Nothing but the standard library is used here, since nothing else is there yet.
"""

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENT = REPOSITORY / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LAUNCHER = ENVIRONMENT / "bin" / "safepoint"
NOTE = ENVIRONMENT / "installed.json"
NEWER_THAN = (3, 11)


class InstallError(RuntimeError):
    """It cannot be installed; the words say what to do."""


def main() -> int:
    """Install for `run` or for `test`, which needs all that `run` does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["run", "test"])
    kind = parser.parse_args().kind
    try:
        if sys.version_info < NEWER_THAN:
            raise InstallError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        install(kind)
        write_launcher()
        if kind == "test":
            find_browser()
    except InstallError as error:
        print(f"Not installed. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def install(kind: str) -> None:
    """Make the environment and install, unless the very same is installed already."""
    wanted = {name: digest(name) for name in (["run"] if kind == "run" else ["run", "test"])}
    there = json.loads(NOTE.read_text()) if NOTE.is_file() else {}
    if PYTHON.is_file() and all(there.get(name) == value for name, value in wanted.items()):
        return
    if not PYTHON.is_file():
        make_environment()
    requirements = REPOSITORY / "requirements" / f"{kind}.txt"
    print(f"Installing {count(requirements)} packages (once; this takes a minute).", flush=True)
    pip_install(requirements)
    # The product's packages are importable wherever one stands.
    (site_packages() / "safepoint.pth").write_text(f"{REPOSITORY}\n")
    NOTE.write_text(json.dumps({**there, **wanted}))


def write_launcher() -> None:
    """The command `safepoint` of this checkout; nothing of the directory one stands in is imported (-P)."""
    script = f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m safepoint "$@"\n'
    if not LAUNCHER.is_file() or LAUNCHER.read_text() != script:
        LAUNCHER.write_text(script)
        LAUNCHER.chmod(0o755)


def make_environment() -> None:
    """A virtual environment; Debian keeps a part of Python in a package of its own."""
    print(f"Making a Python environment in {ENVIRONMENT}.", flush=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        if not apt_install("python3-venv"):
            raise InstallError(
                "Python cannot make an environment: install its venv module (apt-get install python3-venv)."
            ) from error
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)


def pip_install(requirements: Path) -> None:
    """Install with hashes checked, a line for every ten packages.

    The file names every package already. An older pip that resolves anew (Debian's is 23.0) takes an extra
    wanted of another package, `coverage[toml]`, for a wish without a hash once there is a newer release.
    """
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--progress-bar", "off"]
    said: list[str] = []
    collected = 0
    with subprocess.Popen(
        [*map(str, command), "--requirement", str(requirements)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"},
    ) as pip:
        assert pip.stdout is not None  # noqa: S101 - asked for above
        for line in pip.stdout:
            said.append(line)
            collected += line.startswith("Collecting ")
            if line.startswith("Collecting ") and collected % 10 == 0:
                print(f"  {collected} found", flush=True)
            if line.startswith("Installing collected"):
                print("  all found; installing", flush=True)
    if pip.returncode:
        raise InstallError(f"pip failed:\n{''.join(said[-15:])}")


def find_browser() -> None:
    """Chromium for the browser tests, from the system's packages where that is possible."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    print("Installing Chromium for the browser tests.", flush=True)
    if not apt_install("chromium", "fonts-dejavu-core"):
        raise InstallError(
            "The browser tests need Chromium: install it (apt-get install chromium), then make test again."
        )


def apt_install(*packages: str) -> bool:
    """Install Debian packages if we may; whether that worked."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([apt, "-qq", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr.strip()[-1000:], file=sys.stderr)
    return done.returncode == 0


def digest(name: str) -> str:
    """What a requirements file says, as a number."""
    return hashlib.sha256((REPOSITORY / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def count(requirements: Path) -> int:
    """How many packages it names."""
    return sum("==" in line for line in requirements.read_text().splitlines())


def site_packages() -> Path:
    """Where the environment keeps packages."""
    return next((ENVIRONMENT / "lib").glob("python3.*")) / "site-packages"


if __name__ == "__main__":
    sys.exit(main())
