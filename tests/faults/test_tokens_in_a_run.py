"""An IAM user's token ends, or nobody gives out a new one, while processes work (faults.md, row 17)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Credential, Project, Status
from backups.secrecy.secret import Secret
from tests.faults.steps import FOUND, connect, draft_of, let_pass, make_due, submit
from tests.faults.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

INSTANCES = 12


@pytest.fixture
def project(settings, simulator, payments, admin) -> Project:
    """A project that signs in as an IAM user."""
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    [access] = simulator.control("tenants", {"count": 1, "instances": INSTANCES})["projects"]
    signs_in = {
        "kind": "token",
        "access_key": None,
        "secret_key": None,
        "iam_endpoint": simulator.endpoint,
        "domain": access["domain"],
        "username": access["username"],
        "password": Secret(access["password"]),
    }
    return connect(draft_of(simulator, access, payments, **signs_in), by=admin)


@pytest.fixture
def processes(simulator, celery_worker, reconciler):
    """Two workers and a reconciler, to be started when the test is ready for them."""

    def start() -> None:
        cloud = {"CLOUD_ENDPOINTS": simulator.endpoint}
        celery_worker(**cloud)
        celery_worker(**cloud)
        reconciler(**cloud)

    return start


def ask_for_all(project: Project, ask, name: str) -> list[Backup]:
    return [ask(instance, name, at=timezone.now()) for instance in project.instances.all()]


def all_are(*statuses: Status) -> bool:
    return set(Backup.objects.values_list("status", flat=True)) <= set(statuses)


def test_row_17_a_token_that_ends_mid_run_is_renewed_once_for_all_processes(
    project, simulator, processes, ask
):
    assert len(simulator.history("sign_in")) == 1
    ask_for_all(project, ask, "first-round")
    processes()
    until(lambda: all_are(*FOUND))
    assert len(simulator.history("sign_in")) == 1
    until(lambda: all_are(Status.COMPLETED))

    simulator.control("tokens/expire")
    ask_for_all(project, ask, "second-round")
    until(lambda: all_are(Status.COMPLETED))
    assert len(simulator.history("sign_in")) == 2
    assert len(simulator.backups(project.project_id)) == 2 * INSTANCES
    assert Credential.objects.get().failures == 0


def forget_the_token(simulator) -> int:
    """Every token has ended, here too; how often somebody has signed in so far."""
    simulator.control("tokens/expire")
    Credential.objects.update(token_sealed=None, token_expires_at=None)
    return len(simulator.history("sign_in"))


def test_row_17_while_iam_is_down_few_ask_it_and_all_goes_on_once_it_is_back(
    project, simulator, processes, ask
):
    before = forget_the_token(simulator)
    simulator.fault(operation="sign_in", times=0, action="status", status=503)
    ask_for_all(project, ask, "before-release")
    processes()
    until(lambda: Project.objects.get(pk=project.pk).calls_failed >= 4)
    # Four at a time, two that failed before them, and the probes since.
    assert len(simulator.history("sign_in")) - before <= 8
    assert simulator.history("create_backup") == []
    assert all_are(Status.QUEUED, Status.SUBMITTING)

    simulator.clear_faults()
    make_due(project)
    until(lambda: all_are(*FOUND))
    assert len(simulator.backups(project.project_id)) == INSTANCES


@pytest.mark.parametrize(
    "trouble",
    [
        {"action": "status", "status": 503},
        {"action": "status", "status": 429},
        {"action": "drop"},
        {"action": "reset"},
        {"action": "body", "body": "<html>"},
    ],
    ids=["503", "429", "dropped", "reset", "nonsense"],
)
def test_row_17_a_call_that_needs_a_token_asks_iam_once_and_was_not_sent(project, simulator, ask, trouble):
    before = forget_the_token(simulator)
    simulator.fault(operation="sign_in", times=0, **trouble)
    backup = submit(ask_for_all(project, ask, "before-release")[0])
    assert len(simulator.history("sign_in")) - before == 1
    assert simulator.history("create_backup") == []
    assert (backup.status, Credential.objects.get().failures) == (Status.QUEUED, 0)
    simulator.clear_faults()
    let_pass(project.credential, timedelta(seconds=10))
    assert submit(backup, at=backup.next_action_at).status in FOUND


def test_row_17_a_password_that_iam_refuses_is_never_tried_five_times_and_waits_for_a_person(
    project, simulator, processes, ask
):
    before = forget_the_token(simulator)
    simulator.fault(
        operation="sign_in", times=0, action="status", status=401, code="IAM.0001", message="wrong password"
    )
    ask_for_all(project, ask, "before-release")
    processes()
    until(lambda: Credential.objects.get().failures)
    until(lambda: not Backup.objects.filter(next_action_at__lte=timezone.now()).exists())
    assert len(simulator.history("sign_in")) - before < 5
    assert all_are(Status.QUEUED)
    assert Credential.objects.get().failure
