"""One client per project and credential in a process."""

from dataclasses import replace

import pytest
from django.utils import timezone

from backups.models import Project
from backups.operations import connections, projects, trial
from tests.fixtures.cast import NOW


def test_a_client_is_kept_until_its_project_changes(project):
    first = connections.client_for(project)
    assert connections.client_for(project) is first
    project.api = "v3"
    assert connections.client_for(project) is not first


def test_a_process_that_has_known_many_projects_forgets_them_and_goes_on(
    monkeypatch, project, aksk_draft, admin
):
    monkeypatch.setattr(connections, "CLIENTS_KEPT", 1)
    monkeypatch.setattr(connections, "_clients", {})
    other = projects.create_project(replace(aksk_draft, name="other", project_id="1" * 32), by=admin, at=NOW)
    first = connections.client_for(project)
    assert connections.client_for(other) is not first
    assert connections.client_for(project) is not first


def test_a_project_needs_a_name(aksk_draft, admin):
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.create_project(replace(aksk_draft, name="  "), by=admin, at=NOW)
    assert refused.value.problems == {"name": ["The project needs a name."]}
    assert not Project.objects.exists()


def test_a_team_has_one_project_of_a_name(project, aksk_draft, admin):
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.create_project(replace(aksk_draft, project_id="1" * 32), by=admin, at=NOW)
    assert refused.value.problems == {"name": ["Payments already has a project of this name."]}


def test_a_test_that_fails_to_sign_in_stops_the_credential(simulated, simulator, admin):
    simulator.fault(
        operation="list_instances", at="received", action="status", status=401, code="APIGW.0301",
        message="verify aksk signature fail", skip=1,
    )  # fmt: skip
    steps = trial.test(simulated, by=admin, at=timezone.now())
    assert [step.key for step in steps if step.is_ok is False] == ["sign_in"]
    simulated.credential.refresh_from_db()
    assert simulated.credential.failures == 1


def test_a_test_that_does_not_even_reach_the_cloud_says_nothing_of_the_key(simulated, simulator, admin):
    simulator.fault(operation="list_instances", at="received", action="drop", times=0)
    [failed] = [step for step in trial.test(simulated, by=admin, at=timezone.now()) if step.is_ok is False]
    assert failed.key != "sign_in"
    simulated.credential.refresh_from_db()
    assert simulated.credential.failures == 0
