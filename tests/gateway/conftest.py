"""Clients of the cloud that call Safepoint instead."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backups.contract import signing
from backups.models import KeyPair, Project, Team, User
from backups.operations import access
from backups.secrecy.secret import Secret

HOST = "localhost"


@pytest.fixture(autouse=True)
def answers_at_once(settings, static_files: str) -> None:
    """No worker runs beside these tests: a call that waits for one would wait in vain."""
    settings.GATEWAY_WAIT_SECONDS = 0


class SignedClient:
    """A client of the cloud, with a key pair."""

    def __init__(self, pair: KeyPair, secret: Secret, project: Project, api: str) -> None:
        self.pair, self.secret = pair, secret
        self.base = f"/{api}/{project.project_id}"

    def send(self, method: str, path: str, query: Any = (), body: bytes = b"", **changes: Any) -> Any:
        """The reply to a signed call."""
        signed = self.sign(method, path, query, body, **changes)
        target = f"{path}?{signing.canonical_query(query)}" if query else path
        return Client().generic(method, target, body, content_type="application/json", headers=signed)

    def sign(
        self, method: str, path: str, query: Any = (), body: bytes = b"", **changes: Any
    ) -> dict[str, str]:
        given: dict[str, Any] = {
            "access_key": self.pair.access_key,
            "secret_key": self.secret.reveal(),
            "at": timezone.now(),
        } | changes
        return signing.sign(method, path, query, {"Host": HOST}, body, **given)

    def create(self, **fields: Any) -> Any:
        return self.send("POST", f"{self.base}/backups/create", body=json.dumps(fields).encode())

    def list(self, **query: str) -> Any:
        return self.send("GET", f"{self.base}/backups", list(query.items()))


SignAs = Callable[..., SignedClient]


@pytest.fixture
def sign_as(payments: Team, project: Project) -> SignAs:
    """A client with a key pair of somebody's: `sign_as(dba)`, `sign_as(dba, api="v3")`."""

    def make(user: User, *, api: str = "mysql/v3", team: Team = payments) -> SignedClient:
        pair, secret = access.issue_key_pair(access.Grant(user, team, "script"), by=None, at=timezone.now())
        return SignedClient(pair, secret, project, api)

    return make
