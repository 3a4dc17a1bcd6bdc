"""The three rules on which "exactly once" stands, each in the story that needs it (faults.md, rules 2 to 4).

`test_sabotage.py` runs this module with each of the rules taken out.
"""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Status, Team
from backups.operations import claims, outcomes, reach, searching, submission

PATIENCE = timedelta(minutes=14)
"""Less than the skew at which the cloud would refuse our clock."""


@pytest.fixture
def backup(simulated, simulator, ask) -> Backup:
    """A backup of a team that sends again by itself, in a cloud that protects nobody from calling twice."""
    simulator.control("twins", {"allowed": True})
    Team.objects.update(resends_automatically=True)
    instance = simulated.instances.filter(status="normal").order_by("volume_gb")[0]
    return ask(instance, "before-release", at=timezone.now())


def step(backup: Backup, simulator, *, at: datetime) -> datetime:
    """Take the next step of `backup` when it is due, as the reconciler does; the cloud's time passes too."""
    backup.refresh_from_db()
    assert backup.next_action_at
    due = max(at, backup.next_action_at)
    simulator.advance((due - at).total_seconds())
    match backup.status:
        case Status.QUEUED:
            submission.submit(backup.pk, clock=lambda: due)
        case Status.SUBMITTING:
            claims.expire_lease(backup.pk, at=due)
        case Status.UNCONFIRMED:
            searching.look(backup.pk, at=due)
    backup.refresh_from_db()
    return due


def settle(backup: Backup, simulator, *, at: datetime) -> None:
    """Go on until the cloud has the backup, or nothing more is to be expected."""
    end = at + PATIENCE
    while backup.status in (Status.QUEUED, Status.SUBMITTING, Status.UNCONFIRMED) and at < end:
        at = step(backup, simulator, at=at)


def made_of(backup: Backup, simulator) -> list[str]:
    """What the cloud has under the backup's name: the truth."""
    made = simulator.backups(backup.instance.project.project_id)
    return [each["id"] for each in made if each["name"] == backup.name]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_after_the_cloud_carried_the_call_out_makes_no_second_backup(
    backup, simulator, status
):
    simulator.fault(operation="create_backup", at="applied", action="status", status=status)
    settle(backup, simulator, at=timezone.now())
    assert [backup.cloud_id] == made_of(backup, simulator)


def test_a_list_that_lags_nine_minutes_makes_no_second_backup(backup, simulator):
    simulator.control("lag", {"seconds": 540})
    simulator.fault(operation="create_backup", at="applied", action="drop")
    settle(backup, simulator, at=timezone.now())
    assert [backup.cloud_id] == made_of(backup, simulator)


def test_a_worker_that_wakes_up_late_cannot_have_the_backup_sent_again(backup, simulator):
    at = timezone.now()
    sleeper = claims.claim(backup.pk, at=at)
    assert sleeper
    backup.refresh_from_db()
    while backup.status != Status.QUEUED:  # the lease ends, nothing is found, it is to be sent again
        at = step(backup, simulator, at=at)
    second = claims.claim(backup.pk, at=at)
    assert second
    with reach.calling(backup.instance.project, at=at) as client:
        record = client.create_backup(instance_id=backup.instance.cloud_id, name=backup.name)
    outcomes.write_failure(sleeper.attempt, cloud.CloudNotSent("woke up"), at=at)
    submission.submit(backup.pk, clock=lambda: at + timedelta(seconds=10))
    outcomes.write_accepted(second.attempt, record, at=at, verb="accepted")
    backup.refresh_from_db()
    assert [backup.cloud_id] == made_of(backup, simulator)
