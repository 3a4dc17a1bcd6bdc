"""Writes the file that tells how to sign in to the simulated cloud's projects."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write(path: Path, endpoint: str, projects: list[dict[str, Any]]) -> None:
    """Put the file in its place at once, for its owner's eyes only."""
    told = {"endpoint": endpoint, "iam_endpoint": endpoint, "projects": projects}
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 600
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(told, file, indent=2)
            file.write("\n")
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
