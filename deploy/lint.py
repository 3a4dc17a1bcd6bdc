"""`python -m deploy.lint [NAME...]`: every check of the code, or the named ones; pre-commit runs the same."""

import os
import subprocess
import sys
import time
from pathlib import Path

from deploy.choices import REPOSITORY
from deploy.processes import manage

BIN = Path(sys.executable).parent
# The settings of a real installation, with keys that open nothing.
PRODUCTION = {
    "DEMO": "no",
    "SITE_URL": "https://safepoint.example.org",
    "ALLOWED_HOSTS": "safepoint.example.org",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "CREDENTIAL_KEYS": "A" * 43 + "=",
    # Django asks the database for its migrations if it can; here is none to ask.
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}


def tool(name: str, *arguments: str) -> list[str]:
    """A program of the environment."""
    return [str(BIN / name), *arguments]


def tracked(*patterns: str) -> list[str]:
    """The repository's files, those not committed yet included, unless git ignores them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]


def commands() -> dict[str, list[str]]:
    """Each check's command."""
    packages = ("backups", "dashboard", "deploy", "safepoint", "manage.py")
    # Hashes look like secrets, and tests make up secrets.
    other = ("tests/", "requirements/", "static/img/", "docs/screenshots/")
    plain = [name for name in tracked() if not name.startswith(other)]
    return {
        "ruff": tool("ruff", "check", "."),
        "format": tool("ruff", "format", "--check", "."),
        "types": tool("mypy"),
        "imports": tool("lint-imports", "--no-cache"),
        "migrations": manage("makemigrations", "--check", "--dry-run"),
        "production": manage("check", "--deploy", "--fail-level", "WARNING"),
        "templates": tool("djade", "--check", "--target-version", "5.2", *tracked("*.html")),
        "django": tool("django-upgrade", "--check", "--target-version", "5.2", *tracked("*.py")),
        "security": tool("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *packages),
        # What only says where a secret is (manage.py apply) is none.
        "secrets": tool("detect-secrets-hook", "--exclude-secrets", "^(env|file):", *plain),
        "compose": tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
        "image": tool("hadolint", "Dockerfile"),
    }


def main() -> int:
    """Run them all, also after one has failed; what failed is shown, and named at the end."""
    known = commands()
    failed = [name for name in sys.argv[1:] or known if not passes(name, known[name])]
    if failed:
        print(f"Lint failed: {', '.join(failed)}.")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check; its words are for the case that it fails."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **PRODUCTION}, capture_output=True, text=True, check=False
    )
    verdict = "failed" if done.returncode else "ok"
    print(f"lint: {name:<11} {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
