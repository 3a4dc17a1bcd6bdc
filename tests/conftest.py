"""The plugins that every test may lean on."""

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.fixtures import template

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
    "tests.fixtures.callers",
    "tests.fixtures.signing",
]


@pytest.fixture(autouse=True)
def own_var_dir(settings, tmp_path: Path) -> Path:
    """Each test is a machine of its own: what the last one has seen of its database is not known here."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Where the tables were made for all processes, this one's database is a copy."""
    if name := os.environ.get(template.NAME):
        connection.settings_dict["TEST"]["TEMPLATE"] = name
