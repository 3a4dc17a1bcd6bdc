"""The plugins that every test may lean on."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.emptying",
    "tests.fixtures.cast",
    "tests.fixtures.fleet",
    "tests.fixtures.consent",
    "tests.fixtures.projects",
    "tests.fixtures.catalog",
    "tests.fixtures.simulator",
    "tests.fixtures.processes",
    "tests.fixtures.lasting",
    "tests.fixtures.played_cloud",
    "tests.fixtures.post",
    "tests.fixtures.chats",
]


@pytest.fixture(autouse=True)
def own_var_dir(settings, tmp_path: Path) -> Path:
    """Each test is a machine of its own: what the last one has seen of its database is not known here."""
    settings.VAR_DIR = tmp_path
    return tmp_path
