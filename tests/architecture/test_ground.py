"""What an operator relies on: documented settings, pinned releases, commands that stand once."""

import re
import shlex
import subprocess
import sys

import pytest
import yaml

from deploy import choices, supervision
from deploy.choices import REPOSITORY
from deploy.lint import tracked
from deploy.processes import ON_TOP, PROCESSES, SERVERS

READS = re.compile(
    r"""(?:\benv\.\w+\(|environ(?:\.get\(|\[)|_(?:number|answer)\(environ,)\s*["']([A-Z][A-Z0-9_]+)["']"""
)
# Not the operator's: where Django finds its settings.
INNER = {"DJANGO_SETTINGS_MODULE"}
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def read(name: str) -> str:
    return (REPOSITORY / name).read_text()


def variables() -> set[str]:
    sources = tracked("dashboard/*.py", "backups/*.py", "deploy/*.py")
    return {variable for name in sources for variable in READS.findall(read(name))} - INNER


@pytest.mark.parametrize("paper", ["docs/configure.md", ".env.example"])
def test_every_variable_that_is_read_is_documented(paper):
    assert {"DATABASE_URL", "PORT", "SECRET_KEY"} <= variables()  # the search itself works
    assert not {name for name in variables() if not re.search(rf"\b{name}\b", read(paper))}


def test_every_documented_variable_is_read():
    documented = set(re.findall(r"^#?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert not documented - variables() - {"POSTGRES_PASSWORD"}  # docker compose reads that one


@pytest.mark.parametrize("kind", ["run", "test"])
def test_every_release_is_pinned_with_hashes_and_names_no_index(kind):
    text = read(f"requirements/{kind}.txt")
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) > 50
    assert not [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert not re.search(r"https?:|file:|--index|--extra|--find-links|--trusted", text)


def test_the_tests_run_on_the_releases_that_run():
    run, test = (dict(PIN.findall(read(f"requirements/{kind}.txt"))) for kind in ("run", "test"))
    assert run.items() <= test.items()


def test_no_file_names_a_place_of_one_machine():
    place = re.compile(r"(?<![\w.-])/(?:root|home|work|Users)/[A-Za-z]")
    assert not [
        name
        for name in tracked()
        if not name.endswith((".png", ".ico", ".webp")) and place.search(read(name))
    ]


def test_compose_starts_the_very_processes_that_make_run_supervises():
    services = yaml.safe_load(read("docker-compose.yml"))["services"]
    launched = {
        name: service["command"]
        for name, service in services.items()
        if service.get("command", [])[:3] == ["python", "-m", "deploy.launch"]
    }
    assert launched == {name: ["python", "-m", "deploy.launch", name] for name in ON_TOP}
    chosen = choices.read({})
    for name in (*SERVERS, *ON_TOP):
        supervised = shlex.split(supervision.program(chosen, PROCESSES[name], 1)["command"])
        assert supervised[:4] == [sys.executable, "-m", "deploy.launch", name]


def test_the_layers_hold():
    done = subprocess.run(
        [f"{sys.prefix}/bin/lint-imports", "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
