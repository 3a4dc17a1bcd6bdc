"""A key that the cloud does not take is stopped before the cloud locks it (contract.md, "Signing in")."""

from dataclasses import replace
from itertools import groupby

import pytest
from django.utils import timezone

from backups.models import Backup, Credential, Project, Status
from backups.operations import projects, trial
from backups.operations.projects import ProjectDraft
from backups.secrecy.secret import Secret
from tests.faults.steps import FOUND, connect, draft_of, make_due
from tests.faults.waiting import until

LOCKS_AFTER = 5


@pytest.fixture
def draft(settings, simulator, payments) -> ProjectDraft:
    """A project of 20 instances, with the right key."""
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    [access] = simulator.control("tenants", {"count": 1, "instances": 20})["projects"]
    return draft_of(simulator, access, payments)


@pytest.fixture
def project(draft, admin) -> Project:
    """The project, whose secret key somebody has just entered wrongly."""
    project = connect(draft, by=admin)
    wrong = replace(draft, secret_key=Secret("w" * 40))
    return projects.change_project(project, wrong, by=admin, at=timezone.now())


def failures_in_a_row(simulator) -> int:
    failed = [call["error_code"] == "APIGW.0301" for call in simulator.history() if call["caller"]]
    return max((len(list(run)) for is_failure, run in groupby(failed) if is_failure), default=0)


def failures(project: Project) -> int:
    return Credential.objects.get(project=project).failures


def all_wait(project: Project) -> bool:
    rows = Backup.objects.filter(instance__project=project)
    return not rows.filter(next_action_at__lte=timezone.now()).exists()


def until_a_person_is_needed(project: Project) -> None:
    """Each time that the key's pause of five minutes is over, something tries again."""
    until(lambda: failures(project))
    while not Credential.objects.get(project=project).needs_a_person:
        before = failures(project)
        make_due(project)
        until(lambda count=before: failures(project) > count)


@pytest.mark.django_db(transaction=True)
def test_row_17_a_wrong_key_never_fails_five_times_in_a_row_and_waits_for_a_person(
    draft, project, simulator, celery_worker, reconciler, ask, admin
):
    rows = [ask(instance, "before-release", at=timezone.now()) for instance in project.instances.all()]
    assert len(rows) == 20
    cloud = {"CLOUD_ENDPOINTS": simulator.endpoint}
    celery_worker(**cloud)
    reconciler(**cloud)

    until_a_person_is_needed(project)
    until(lambda: all_wait(project))
    calls = len(simulator.history())
    make_due(project)
    until(lambda: all_wait(project))
    assert len(simulator.history()) == calls
    assert failures_in_a_row(simulator) < LOCKS_AFTER
    assert {row.status for row in Backup.objects.all()} == {Status.QUEUED}
    assert Credential.objects.get(project=project).failure
    assert not Backup.objects.filter(error_message="").exists()

    project = projects.change_project(project, draft, by=admin, at=timezone.now())
    assert all(step.is_ok for step in trial.test(project, by=admin, at=timezone.now()))
    until(lambda: {row.status for row in Backup.objects.all()} <= FOUND)
    assert len(simulator.backups(project.project_id)) == 20
