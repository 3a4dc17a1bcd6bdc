"""Claiming a backup, and what happens to it when nothing answers."""

import socket
from datetime import timedelta

import pytest

from backups.models import Attempt, Backup, Instance, Membership, Outcome, Project, Status
from backups.operations import claims, reach, reconciling, submission
from tests.fixtures.cast import NOW


@pytest.fixture
def closed_port(settings, project) -> str:
    """An endpoint where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings.CLOUD_ENDPOINTS = [endpoint]
    Project.objects.filter(pk=project.pk).update(endpoint=endpoint)
    return endpoint


def submit(backup: Backup, *, at=NOW) -> Backup:
    submission.submit(backup.pk, clock=lambda: at)
    return Backup.objects.get(pk=backup.pk)


def test_a_cloud_that_cannot_be_reached_leaves_the_backup_queued_and_says_so(closed_port, orders, ask):
    backup = submit(ask(orders, "before-release"))
    attempt = Attempt.objects.get(backup=backup)
    assert (backup.status, attempt.outcome) == (Status.QUEUED, Outcome.NOT_SENT)
    assert backup.next_action_at == NOW + timedelta(seconds=5)
    assert "could not be reached" in backup.error_message
    assert "endpoint" in backup.error_remedy


def test_the_wait_doubles_up_to_five_minutes(closed_port, orders, ask):
    backup, at, waits = ask(orders, "before-release"), NOW, []
    for _ in range(8):
        backup = submit(backup, at=at)
        assert backup.next_action_at
        waits.append((backup.next_action_at - at).total_seconds())
        at = backup.next_action_at
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


def test_nothing_is_sent_before_its_time(closed_port, orders, ask):
    backup = submit(ask(orders, "before-release"))
    submit(backup, at=NOW + timedelta(seconds=2))
    assert Attempt.objects.count() == 1


def test_the_second_in_line_is_not_claimed_before_the_first(orders, ask):
    ask(orders, "first-one")
    second = ask(orders, "second-one", at=NOW + timedelta(seconds=1))
    assert claims.claim(second.pk, at=NOW + timedelta(minutes=1)) is None
    second.refresh_from_db()
    assert (second.status, second.fence) == (Status.QUEUED, 0)


def test_a_backup_is_claimed_once(orders, ask):
    backup = ask(orders, "before-release")
    assert claims.claim(backup.pk, at=NOW) is not None
    assert claims.claim(backup.pk, at=NOW) is None
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    "lose_right",
    [
        lambda backup: Membership.objects.filter(user=backup.requested_by).delete(),
        lambda backup: Instance.objects.filter(pk=backup.instance_id).update(gone_at=NOW),
    ],
)
def test_a_right_that_is_gone_at_the_claim_ends_the_backup_unsent(orders, ask, lose_right):
    backup = ask(orders, "before-release")
    lose_right(backup)
    assert claims.claim(backup.pk, at=NOW) is None
    backup.refresh_from_db()
    assert backup.status == Status.CANCELLED
    assert backup.error_message
    assert not Attempt.objects.exists()


def test_a_credential_that_failed_is_left_alone_for_five_minutes(orders, ask):
    reach.note_sign_in_failed(orders.project, "wrong key", at=NOW)
    backup = ask(orders, "before-release")
    assert claims.claim(backup.pk, at=NOW + timedelta(minutes=4)) is None
    backup.refresh_from_db()
    assert (backup.error_message, backup.next_action_at) == ("wrong key", NOW + timedelta(minutes=5))
    assert claims.claim(backup.pk, at=NOW + timedelta(minutes=5)) is not None


def test_a_worker_that_does_not_come_back_leaves_the_backup_unconfirmed(orders, ask):
    claimed = claims.claim(ask(orders, "before-release").pk, at=NOW)
    assert claimed
    lease = claimed.backup.lease_until
    assert lease
    claims.expire_lease(claimed.backup.pk, at=lease - timedelta(seconds=1))
    assert Backup.objects.get().status == Status.SUBMITTING
    claims.expire_lease(claimed.backup.pk, at=lease)
    assert Backup.objects.get().status == Status.UNCONFIRMED
    assert Attempt.objects.get().outcome == Outcome.LOST


def test_the_reconciler_finds_each_due_step_by_its_time_alone(orders, ledger, ask):
    queued, claimed = ask(orders, "queued-one"), ask(ledger, "claimed-one")
    claims.claim(claimed.pk, at=NOW)
    Project.objects.update(next_sync_at=NOW + timedelta(days=1), next_catalog_at=NOW + timedelta(days=1))
    names = [step.name for step in reconciling.due_steps(at=NOW + timedelta(seconds=5))]
    assert names == [f"submit {queued.pk}"]
    names = [step.name for step in reconciling.due_steps(at=NOW + timedelta(minutes=5))]
    assert names == [f"submit {queued.pk}", f"expire {claimed.pk}"]
