"""Our clock and the cloud's differ by more than it allows (faults.md, row 18)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Credential, Status
from backups.operations import reach, trial
from tests.faults.steps import FOUND, some_of, submit
from tests.faults.waiting import until

TWENTY_MINUTES = 20 * 60
SIDES = {"ahead of": -TWENTY_MINUTES, "behind": TWENTY_MINUTES}


def credential() -> Credential:
    return Credential.objects.get()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.django_db(transaction=True)
def test_row_18_nothing_is_lost_while_the_clock_is_20_minutes_off_and_a_test_resumes_all(
    simulated, simulator, celery_worker, reconciler, ask, admin, side
):
    simulator.set_clock_offset(SIDES[side])
    rows = [ask(instance, "before-release", at=timezone.now()) for instance in some_of(simulated, 4)]
    cloud = {"CLOUD_ENDPOINTS": simulator.endpoint}
    celery_worker(**cloud)
    reconciler(**cloud)
    until(lambda: credential().failures)
    until(lambda: not Backup.objects.filter(next_action_at__lte=timezone.now()).exists())
    assert credential().failure == f"This machine's clock is 20 minutes {side} the cloud's."
    assert set(Backup.objects.values_list("status", flat=True)) == {Status.QUEUED}

    simulator.set_clock_offset(0)
    assert all(step.is_ok for step in trial.test(simulated, by=admin, at=timezone.now()))
    until(lambda: set(Backup.objects.values_list("status", flat=True)) == {Status.COMPLETED})
    assert len(simulator.backups(simulated.project_id)) == len(rows)
    assert (credential().failure, credential().skew_seconds) == ("", None)


@pytest.mark.parametrize("side", SIDES)
def test_row_18_once_the_clock_is_right_the_row_goes_on_when_the_pause_is_over(
    simulated, simulator, ask, side
):
    simulator.set_clock_offset(SIDES[side])
    at = timezone.now()
    backup = submit(ask(some_of(simulated, 1)[0], "before-release", at=at), at=at)
    assert "20 minutes" in credential().failure
    assert abs(abs(credential().skew_seconds or 0) - TWENTY_MINUTES) < 60
    assert backup.next_action_at == at + timedelta(minutes=5)
    simulator.set_clock_offset(0)
    assert submit(backup, at=backup.next_action_at).status in FOUND
    assert credential().failures == 0


def test_row_18_a_clock_that_the_cloud_still_takes_is_no_alarm(simulated, simulator, ask):
    simulator.set_clock_offset(10 * 60)
    backup = submit(ask(some_of(simulated, 1)[0], "before-release", at=timezone.now()))
    assert (backup.status in FOUND, credential().failure) == (True, "")


def test_row_18_a_wrong_key_under_a_right_clock_does_not_blame_the_clock(simulated):
    reach.note_sign_in_failed(simulated, "The signature is wrong.", skew=60.0, at=timezone.now())
    assert (credential().failure, credential().skew_seconds) == ("The signature is wrong.", None)
