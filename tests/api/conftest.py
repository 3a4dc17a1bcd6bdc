"""Programs meet a real site: its static files are there."""

import pytest

from backups.models import Instance


@pytest.fixture(autouse=True)
def collected(static_files: str) -> None:
    """Styles and scripts have their hashed names."""


@pytest.fixture
def wanted(orders: Instance) -> dict[str, str]:
    """The body of a request for a backup."""
    return {
        "instance_id": orders.cloud_id,
        "name": "before-release",
        "description": "release 42",
        "reason": "schema change",
        "change_ticket": "CHG-42",
    }
