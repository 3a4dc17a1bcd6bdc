"""What a sync writes of the cloud's list, to the field."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Event, Instance, Project
from backups.operations import inventory, projects, trial, vault
from backups.secrecy.secret import Secret
from tests.backups.operations.test_projects import refusal_of

pytestmark = pytest.mark.django_db

BEGUN = timezone.now().replace(microsecond=0) - timedelta(hours=1)


def test_an_instance_is_written_as_the_cloud_lists_it(simulated):
    engines = set(Instance.objects.values_list("engine", flat=True))
    assert engines == {"gaussdb-mysql"}


def test_whoever_asks_for_a_sync_has_a_worker_told(simulated, dba, hints):
    assert hints(inventory.request_sync, simulated, by=dba, at=BEGUN) == [
        ("sync", str(simulated.pk), None),
        ("catalog", str(simulated.pk), None),
    ]


def test_a_sync_that_fails_says_why_with_the_code_of_the_cloud(simulated, simulator):
    simulator.fault(
        operation="list_instances",
        action="status",
        status=400,
        code="DBS.200001",
        message="Odd parameter.",
        times=0,
    )
    Project.objects.update(next_sync_at=BEGUN)
    inventory.sync(simulated.pk, at=timezone.now())
    simulated.refresh_from_db()
    assert simulated.sync_error.startswith("DBS.200001 Odd parameter.")


def test_a_test_of_the_connection_is_recorded(simulated, admin):
    trial.test(simulated, by=admin, at=timezone.now())
    event = Event.objects.get(verb="connection_tested")
    assert (event.project, event.actor, event.data) == (simulated, admin, {"failed_at": ""})


def test_a_change_of_a_project_is_recorded_and_a_temporary_key_keeps_its_token(aksk_draft, admin):
    project = projects.create_project(aksk_draft, by=admin, at=BEGUN)
    changed = replace(aksk_draft, name="renamed", security_token=Secret("CANARY-token"))
    projects.change_project(project, changed, by=admin, at=BEGUN)
    event = Event.objects.get(verb="project_changed")
    assert event.data == {"name": "renamed", "endpoint": aksk_draft.endpoint}
    assert vault.open_field(project.credential, "security_token") == Secret("CANARY-token")


def test_a_project_that_is_refused_says_its_first_mistake(aksk_draft, admin):
    draft = replace(aksk_draft, name=" ", region="")
    problems = refusal_of(draft, admin)
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.create_project(draft, by=admin, at=BEGUN)
    assert refused.value.message == next(iter(problems.values()))[0]
