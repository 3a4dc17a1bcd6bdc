"""What pip makes of the repository, and the command in a checkout."""

import ast
import os
import re
import subprocess
import sys
import tomllib

import pytest

from deploy import install
from deploy.choices import REPOSITORY
from safepoint import __version__

CLIENT = sorted((REPOSITORY / "safepoint").glob("*.py"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
IMPORTED_AS = {"PyYAML": "yaml"}


def imported() -> set[str]:
    """The packages that the client imports, the standard library and itself left out."""
    found = set()
    for path in CLIENT:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
    return found - set(sys.stdlib_module_names) - {"safepoint"}


def test_the_package_is_the_client_alone_and_asks_for_what_it_imports():
    assert PROJECT["tool"]["setuptools"]["packages"] == ["safepoint"]
    wanted = {re.split(r"[<>=]", each)[0] for each in PROJECT["project"]["dependencies"]}
    assert {IMPORTED_AS.get(name, name) for name in wanted} == imported()


def test_its_version_is_the_newest_of_the_changelog():
    newest = re.search(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert newest[1] == __version__


def test_every_variable_that_it_reads_is_documented():
    read = set(re.findall(r"SAFEPOINT_[A-Z_]+", "".join(path.read_text() for path in CLIENT)))
    documented = set(re.findall(r"SAFEPOINT_[A-Z_]+", (REPOSITORY / "docs" / "command-line.md").read_text()))
    assert read - {"SAFEPOINT_COMPLETE"} == documented


def test_the_exit_codes_stand_in_the_help_and_in_the_documentation(run):
    paper = (REPOSITORY / "docs" / "command-line.md").read_text()
    told = run(None, "--help").stdout
    for code in (0, 1, 2, 3, 4, 130):
        assert re.search(rf"^\s+{code}\s", told, re.MULTILINE)
        assert re.search(rf"^\| {code} \|", paper, re.MULTILINE)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_complete(run, shell):
    result = run(None, "completion", shell)
    assert result.exit_code == 0
    assert "_SAFEPOINT_COMPLETE" in result.stdout


def test_the_command_of_a_checkout_is_written_once_and_works_anywhere(tmp_path, monkeypatch):
    launcher = tmp_path / "safepoint"
    monkeypatch.setattr(install, "LAUNCHER", launcher)
    install.write_launcher()
    first = launcher.stat()
    install.write_launcher()
    assert launcher.stat().st_mtime_ns == first.st_mtime_ns
    (tmp_path / "click.py").write_text("raise SystemExit('not this one')")
    done = subprocess.run(
        [launcher, "--version"],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"safepoint, version {__version__}\n")
