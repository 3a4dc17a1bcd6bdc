"""`safepoint apply`: teams, projects, instances and policies as a file says."""

import json
import os
from pathlib import Path
from typing import IO, Any

import click
import yaml

from safepoint.desk import Desk, asking
from safepoint.ending import WrongInputError
from safepoint.problems import plain


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@asking
def apply(desk: Desk, file: IO[bytes], dry_run: bool) -> None:
    """Make teams, projects, instances and policies as FILE (YAML or JSON) says.

    A credential's values may be env:NAME or file:PATH (beside FILE): they are read here, and never shown.
    """
    document = resolved(read(file), Path(file.name).parent)
    told = desk.client.post("apply/", {"document": document, "dry_run": dry_run})
    changes = [plain(each) for each in told["changes"]]
    proposals = [f"proposed: {plain(each)}" for each in told["proposals"]]
    desk.show(told, "\n".join(changes + proposals) or "Nothing to change.")


def read(file: IO[bytes]) -> dict[str, Any]:
    """The document; an error names the line and quotes none, for a secret may stand there."""
    try:
        document = yaml.safe_load(file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise WrongInputError(f"{file.name} is no YAML{f', line {mark.line + 1}' if mark else ''}.") from None
    if not isinstance(document, dict):
        raise WrongInputError(f"{file.name} holds no teams, projects, instances or policies.")
    return dict(json.loads(json.dumps(document, default=str)))


def resolved(document: dict[str, Any], beside: Path) -> dict[str, Any]:
    """The document with the references in its projects' credentials replaced by what they name."""
    projects = document.get("projects")
    for project in projects if isinstance(projects, list) else []:
        credential = project.get("credential") if isinstance(project, dict) else None
        if isinstance(credential, dict):
            project["credential"] = {name: value_of(value, beside) for name, value in credential.items()}
    return document


def value_of(given: Any, beside: Path) -> Any:
    """A value, or what `env:NAME` or `file:PATH` leads to."""
    kind, _, name = given.partition(":") if isinstance(given, str) else ("", "", "")
    if kind == "env":
        if not os.environ.get(name):
            raise WrongInputError(f"{given}: it is not set here.")
        return os.environ[name]
    if kind == "file":
        try:
            return (beside / name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise WrongInputError(f"{given}: it cannot be read.") from None
    return given
