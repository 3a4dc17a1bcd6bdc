"""Pages are tested with the static files that a real site serves."""

from uuid import uuid4

import pytest
from django.test import Client

from backups.models import Instance, User


@pytest.fixture(autouse=True)
def collected(static_files: str) -> None:
    """Styles and scripts have their hashed names."""


@pytest.fixture
def desk(client: Client, dba: User) -> Client:
    """The DBA's browser."""
    client.force_login(dba)
    return client


@pytest.fixture
def typed(orders: Instance) -> dict[str, object]:
    """The request form as a DBA fills it in."""
    return {
        "client_token": str(uuid4()),
        "instances": [str(orders.pk)],
        "name": "{instance}-before-release",
        "description": "manual backup",
        "reason": "schema change",
        "change_ticket": "CHG-1",
    }
