"""Instances that a file names: before the cloud shows them, and after."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from backups import cloud
from backups.models import Backup, Event, Instance, Project
from backups.operations import creation, instances, inventory, pace
from tests.fixtures.cast import NOW
from tests.fixtures.declared import INSTANCE, declare, problems_of, sample

PLACE = {"project": "payments-north", "id": INSTANCE, "environment": "production"}


@pytest.fixture
def listed(monkeypatch):
    """What the cloud lists from now on, as one sync after the other reads it."""

    rows: list[cloud.InstanceRecord] = []
    monkeypatch.setattr(cloud.CloudClient, "list_instances", lambda _client: rows)
    return rows


def sync(project: Project, minutes: int = 0) -> None:
    at = NOW + timedelta(minutes=minutes)
    Project.objects.update(next_sync_at=at)
    inventory.sync(project.pk, at=at)


def test_an_instance_that_the_cloud_shows_later_keeps_what_was_said_of_it(project, listed, dba):
    assert declare({"instances": [PLACE | {"name": "orders", "labels": ["pci", "eu"]}]}) == [
        "+ instance orders of payments-north",
        "~ instance orders of payments-north: environment none -> production, labels none -> eu pci",
    ]
    draft = creation.Draft(Instance.objects.get(), "before-release")
    assert creation.check(draft, by=dba) == {
        "instance": ["The cloud’s list has not shown orders yet. Sync its project."]
    }
    listed.append(cloud.InstanceRecord(id=INSTANCE, name="orders-prod", status="normal", volume_gb=40.0))
    sync(project)
    row = Instance.objects.get()
    assert (row.name, row.status, row.environment, row.labels) == (
        "orders-prod", "normal", "production", ["eu", "pci"],
    )  # fmt: skip
    assert not Event.objects.filter(verb="instance_renamed").exists()
    creation.create_backups([replace(draft, instance=row)], by=dba, at=NOW, client_token=uuid4())
    assert Backup.objects.get().instance == row


@pytest.mark.django_db
def test_what_is_declared_signs_in_to_the_cloud_and_is_read(settings, simulator):
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    access = simulator.projects[0]
    known = next(row for row in simulator.instances(access["project_id"]) if row["status"] == "normal")
    wanted = sample(policies=[], instances=[PLACE | {"id": known["id"], "name": "ours"}])
    wanted["projects"][0] |= {"endpoint": simulator.endpoint, "project_id": access["project_id"]}
    wanted["projects"][0]["credential"] |= {name: access[name] for name in ("access_key", "secret_key")}
    declare(wanted)
    inventory.sync(Project.objects.get().pk, at=NOW)
    row = Instance.objects.get(cloud_id=known["id"])
    assert (row.name, row.status, row.environment) == (known["name"], "normal", "production")
    assert declare(wanted) == []


def test_one_that_the_cloud_never_showed_does_not_go_from_it(project, listed):
    declare({"instances": [PLACE]})
    for minutes in range(0, 10 * (pace.LOOKS_BEFORE_ASKING + 20), 10):
        sync(project, minutes)
    row = Instance.objects.get()
    assert (row.gone_at, row.missing_since, row.name) == (None, None, INSTANCE)
    assert not Event.objects.filter(verb="instance_gone").exists()


def test_the_name_of_a_known_instance_is_the_cloud_s(project, orders):
    assert declare({"instances": [PLACE | {"name": "another"}]}) == []
    assert Instance.objects.get().name == "orders"


def test_what_is_not_said_stays(project, orders):
    Instance.objects.update(labels=["pci"])
    assert declare({"instances": [{"project": "payments-north", "id": INSTANCE}]}) == []
    assert declare({"instances": [PLACE | {"environment": "staging"}]}) == [
        "~ instance orders of payments-north: environment production -> staging"
    ]
    assert declare({"instances": [PLACE | {"environment": "staging", "labels": []}]}) == [
        "~ instance orders of payments-north: labels pci -> none"
    ]
    told = Event.objects.filter(verb="changed").order_by("id")
    assert [event.data["change"]["labels"] for event in told] == [["pci"], []]


def test_labels_are_the_same_in_any_order(project, orders):
    Instance.objects.update(labels=["pci", "eu"])
    assert declare({"instances": [PLACE | {"labels": ["eu", "pci"]}]}) == []


def test_of_two_projects_of_one_name_it_is_said_whose(project, foreign, stranger):
    Project.objects.update(name="north")
    entry = {"project": "north", "id": INSTANCE}
    assert problems_of({"instances": [entry]}) == [
        "instances[0].team: Several teams have a project of this name: say whose."
    ]
    assert declare({"instances": [entry | {"team": "Storefront"}]}) == [f"+ instance {INSTANCE} of north"]
    assert Instance.objects.get(cloud_id=INSTANCE).team == foreign.team


def test_one_that_a_sync_found_a_moment_ago_is_taken_as_it_is(project, orders, admin):
    assert instances.enter(project, INSTANCE, "another", by=admin, at=NOW) == orders
    assert not Event.objects.filter(verb="instance_entered").exists()


def test_only_an_admin_enters_an_instance(project, dba, lead):
    told = ["instances[0]: Only an admin of Payments may do this."]
    assert problems_of({"instances": [PLACE]}, by=dba) == told
    assert not Instance.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"environment": "live"}, "environment"),
        ({"labels": ["x" * 64]}, "labels"),
        ({"id": str(uuid4())}, "id"),
        ({}, None),
    ],
)
def test_what_an_instance_cannot_be_is_refused(project, orders, wanted, field):
    now = {"id": str(orders.pk), "name": "orders", "environment": "production", "labels": []}
    with pytest.raises(instances.InstanceRefused) as refused:
        instances.check(project.team, now | wanted)
    assert refused.value.field == field
