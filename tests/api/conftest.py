"""Programs meet a real site: its static files are there; and each route leads to something of Payments."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from backups import cloud
from backups.api.urls import urlpatterns
from backups.models import Channel, Delivery, DeliveryState, Instance, Proposal, Service, Team, User
from backups.operations import access, channels
from tests.api.routes import OPEN
from tests.fixtures.consent import deputize


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


@pytest.fixture
def by_letter(payments: Team, admin: User) -> Channel:
    """Payments tells the people concerned by mail, which nobody fetches."""
    draft = channels.ChannelDraft(Service.EMAIL, "People", Service.EMAIL.occasions)
    return channels.add(payments, draft, by=admin, at=timezone.now())


@pytest.fixture
def told(by_letter: Channel, admin: User) -> Delivery:
    """A test of that channel, which has arrived."""
    delivery = channels.send_test(by_letter, by=admin, at=timezone.now())
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DELIVERED)
    return delivery


@pytest.fixture
def places(policy, ask, orders, payments, admin, lead, dba, told, monkeypatch) -> dict[str, str]:
    """Each route's address, with something of Payments behind it; the cloud is not called."""
    monkeypatch.setattr(cloud, "diagnose", lambda _client: [])
    now = timezone.now()
    later = deputize(payments, lead, dba, at=now + timedelta(days=10))
    proposal = Proposal.objects.create(
        team=payments,
        kind="break_glass",
        change={"count": 1},
        proposed_by=admin,
        proposed_at=now,
        expires_at=now + timedelta(days=1),
    )
    token, _secret = access.issue_token(access.Grant(admin, payments, "pipeline"), by=admin, at=now)
    kinds = {
        "backup": [ask(orders, "before-release", at=now).pk],
        "instance": [orders.cloud_id],
        "project": [orders.project_id],
        "policy": [policy.pk],
        "proposal": [proposal.pk],
        "member": ["lead"],
        "deputy": [later.pk],
        "channel": [told.channel_id],
        "delivery": [told.channel_id, told.pk],
        "token": [token.pk],
    }
    return {
        route.name: reverse(
            route.name, args=kinds[route.name.split("-")[1]] if "<" in str(route.pattern) else []
        )
        for route in urlpatterns
        if route.name and route.name not in OPEN
    }


@pytest.fixture
def bodies(orders: Instance) -> dict[tuple[str, str], Any]:
    """What makes sense to send where a body is asked for."""
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    return {
        ("api-backups", "post"): {"instance_id": orders.cloud_id, "name": "before-matrix"},
        ("api-backup-reject", "post"): {"comment": "no"},
        ("api-backup-review", "post"): {"comment": "fine"},
        ("api-projects", "post"): {
            "name": "other",
            "region": "cn-north-4",
            "project_id": "f" * 32,
            "access_key": "AK",
            "secret_key": "SK",
        },
        ("api-project", "patch"): {"name": "renamed"},
        ("api-policies", "post"): {"name": "all", "approvals": 0},
        ("api-policy", "put"): {"name": "all", "approvals": 0},
        ("api-apply", "post"): {"document": {"teams": [{"name": "Payments"}]}, "dry_run": True},
        ("api-proposal-refuse", "post"): {"comment": "no"},
        ("api-team", "patch"): {"overdue_hours": 12},
        ("api-team-break-glass", "put"): {"count": 5},
        ("api-member", "put"): {"roles": ["requester", "approver"]},
        ("api-deputies", "post"): {"deputy": "dba", "ends_at": tomorrow},
        ("api-channels", "post"): {"name": "Mail", "service": "email", "occasions": ["failed"]},
        ("api-channel", "patch"): {"name": "Letters"},
    }
