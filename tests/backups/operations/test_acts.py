"""Whatever is done is done with its event, or not at all."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import (
    Alarm,
    Backup,
    Channel,
    Credential,
    Delegation,
    Instance,
    Membership,
    Project,
    Service,
)  # fmt: skip
from backups.operations import (
    alarms,
    audit,
    channels,
    claims,
    creation,
    deputies,
    projects,
    searching,
    settling,
)  # fmt: skip
from backups.secrecy.secret import Secret
from tests.backups.operations.conftest import look_until_asked, read

pytestmark = pytest.mark.django_db(transaction=True)


class HeadLostError(Exception):
    """The end of the chain cannot be written."""


@pytest.fixture
def undone(monkeypatch):
    """Have an act fail at its very end, and see that it left nothing: `undone(settling.close, ...)`."""

    def fail(*_args: Any) -> None:
        raise HeadLostError

    def check(act: Any, *args: Any, **options: Any) -> None:
        before = books()
        with monkeypatch.context() as patched, pytest.raises(HeadLostError):
            patched.setattr(audit, "_lock_heads", fail)
            act(*args, **options)
        assert books() == before
        assert not connection.in_atomic_block

    return check


def books() -> list[Any]:
    kept = (Backup, Channel, Credential, Delegation, Instance, Project)
    return [list(model._default_manager.order_by("pk").values()) for model in kept]


def test_a_decision_of_a_person_about_an_unknown_fate(lose, undone, dba):
    asked = look_until_asked(lose())
    at = asked.needs_decision_at
    undone(settling.send_again, asked, by=dba, at=at)
    undone(settling.close, asked, by=dba, at=at)
    settling.send_again(read(asked), by=dba, at=at)
    undone(searching._send_again, read(asked), at=at)


def test_what_the_list_brings(lose, undone, simulator):
    lost = lose(at="applied")
    simulator.control("lag", {"seconds": 0})
    at = lost.next_action_at
    undone(searching.adopt, lost, searching.search(lost, at=at), at=at)


def test_a_claim(smallest, ask, undone):
    backup = ask(smallest, "before-release", at=timezone.now())
    undone(claims.claim, backup.pk, at=timezone.now())


def test_a_request(orders, dba, undone):
    draft = creation.Draft(orders, "before-release")
    undone(creation.create_backups, [draft], by=dba, at=timezone.now(), client_token=uuid4())


def test_a_deputy_and_the_end_of_one(payments, lead, auditor, undone):
    now = timezone.now()
    span = {"starts_at": now, "ends_at": now + deputies.LONGEST}
    undone(deputies.appoint, payments, "auditor", by=lead, at=now, **span)
    row = deputies.appoint(payments, "auditor", by=lead, at=now, **span)
    undone(deputies.end, row, by=lead, at=now)
    Membership.objects.filter(user=auditor).delete()
    undone(deputies.end_void, payments, at=now)


def test_an_alarm_and_that_somebody_saw_it(building, undone, dba):
    undone(alarms.sound, building, Alarm.OVERDUE, [], at=timezone.now())
    alarms.sound(building, Alarm.OVERDUE, [], at=timezone.now())
    undone(alarms.acknowledge, read(building), by=dba, at=timezone.now())


def test_a_project_and_its_change(payments, aksk_draft, admin, undone):
    undone(projects.create_project, aksk_draft, by=admin, at=timezone.now())
    project = projects.create_project(aksk_draft, by=admin, at=timezone.now())
    undone(projects.change_project, project, aksk_draft, by=admin, at=timezone.now())


def test_a_channel_its_change_and_its_end(payments, admin, undone):
    mail = Secret("oncall@example.com"), Secret("other@example.com")
    told = Service.EMAIL.occasions
    one, other = (channels.ChannelDraft(Service.EMAIL, "Mail", told, target) for target in mail)
    undone(channels.add, payments, one, by=admin, at=timezone.now())
    channel = channels.add(payments, one, by=admin, at=timezone.now())
    undone(channels.change, channel, other, by=admin, at=timezone.now())
    undone(channels.remove, channel, by=admin, at=timezone.now())
