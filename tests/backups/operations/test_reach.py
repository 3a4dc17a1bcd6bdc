"""Whether a project's cloud may be called now (faults.md, rows 21, 26 and 28)."""

from datetime import timedelta

import pytest

from backups import cloud
from backups.models import Backup, Project, Status
from backups.operations import pace, reach
from tests.fixtures.cast import NOW

LATER = NOW + timedelta(minutes=1)
SILENCE = (
    cloud.CloudNotSent("refused"),
    cloud.CloudAmbiguous("dropped"),
    cloud.CloudAmbiguous("x", http_status=503),
)
ANSWERS = (
    cloud.CloudRefused("no", http_status=400),
    cloud.CloudLater("busy", http_status=409),
    cloud.CloudAmbiguous("no list", http_status=200),
)


def read(project: Project) -> Project:
    return Project.objects.select_related("credential", "team").get(pk=project.pk)


def fail(project: Project, error: cloud.CloudError, *, at=NOW) -> None:
    with pytest.raises(type(error)), reach.calling(read(project), at=at):
        raise error


def test_a_cloud_that_answers_is_always_called(project):
    assert reach.admit(read(project), at=NOW) is None
    with reach.calling(read(project), at=NOW):
        pass
    assert reach.admit(read(project), at=NOW) is None
    assert read(project).credential.verified_at == NOW


@pytest.mark.parametrize("error", SILENCE, ids=repr)
def test_the_third_silence_in_a_row_holds_all_calls_for_a_while(project, error):
    for _ in range(2):
        fail(project, error)
        assert reach.admit(read(project), at=NOW) is None
    fail(project, error)
    hold = reach.admit(read(project), at=NOW)
    assert hold
    assert hold.until == NOW + pace.SHORTEST_RETRY
    assert hold.message == read(project).unreachable_why != ""
    assert read(project).unreachable_since == NOW


def test_an_answer_in_between_begins_the_count_anew(project):
    for error in (SILENCE[0], SILENCE[0], ANSWERS[0], SILENCE[0], SILENCE[0]):
        fail(project, error)
    assert reach.admit(read(project), at=NOW) is None


@pytest.mark.parametrize("error", [*ANSWERS, cloud.NotOurTurn("pace")], ids=repr)
def test_an_answer_or_our_own_pace_is_no_silence(project, error):
    for _ in range(5):
        fail(project, error)
    assert reach.admit(read(project), at=NOW) is None


def test_the_waits_double_up_to_a_minute(project):
    waits = []
    for _ in range(9):
        fail(project, SILENCE[0])
        retry_at = read(project).retry_at
        waits.append((retry_at - NOW).total_seconds() if retry_at else 0)
    assert waits == [0, 0, 5, 10, 20, 40, 60, 60, 60]


def test_an_answer_lifts_the_hold(project):
    for _ in range(4):
        fail(project, SILENCE[0])
    with reach.calling(read(project), at=LATER):
        pass
    again = read(project)
    assert (again.retry_at, again.unreachable_since, again.unreachable_why) == (None, None, "")


def test_a_failed_sign_in_holds_all_for_the_time_of_a_lock_and_the_third_waits_for_a_person(project):
    for count in (1, 2):
        fail(project, cloud.CredentialFailed("wrong"))
        hold = reach.admit(read(project), at=NOW)
        assert hold
        assert (hold.until, read(project).credential.failures) == (NOW + pace.KEY_LOCK, count)
        assert reach.admit(read(project), at=NOW + pace.KEY_LOCK) is None
    fail(project, cloud.CredentialFailed("wrong"))
    hold = reach.admit(read(project), at=NOW + timedelta(days=30))
    assert hold
    assert hold.remedy


def test_who_waited_for_a_lane_while_others_failed_to_sign_in_does_not_call(project):
    admitted = read(project)
    fail(project, cloud.CredentialFailed("wrong"))
    with pytest.raises(cloud.NotOurTurn), reach.calling(admitted, at=NOW):
        pytest.fail("it called")


def test_who_waited_for_a_lane_while_the_cloud_went_silent_does_not_call(project):
    admitted = read(project)
    for _ in range(3):
        fail(project, SILENCE[0])
    with pytest.raises(cloud.NotOurTurn), reach.calling(admitted, at=NOW):
        pytest.fail("it called")


def test_a_late_answer_does_not_lift_what_others_have_learned_since(project):
    with reach.calling(read(project), at=NOW):
        reach.note_sign_in_failed(project, "disabled meanwhile", at=NOW)
    assert read(project).credential.failures == 1
    assert reach.admit(read(project), at=NOW)


def test_a_person_who_tested_the_connection_lets_everything_go_on(project, orders, ask):
    backup = ask(orders, "before-release")
    Backup.objects.update(next_action_at=NOW + timedelta(hours=1))
    for _ in range(3):
        fail(project, cloud.CredentialFailed("wrong"))
    reach.resume(project, at=LATER)
    backup.refresh_from_db()
    assert (backup.status, backup.next_action_at) == (Status.QUEUED, LATER)
    assert reach.admit(read(project), at=LATER) is None
    assert (read(project).credential.failure, read(project).credential.verified_at) == ("", LATER)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1200, "This machine's clock is 20 minutes ahead of the cloud's."),
        (-1200, "This machine's clock is 20 minutes behind the cloud's."),
        (65, "This machine's clock is 1 minute ahead of the cloud's."),
    ],
)
def test_the_skew_is_told_in_minutes(seconds, words):
    assert reach.skew_in_words(seconds) == words
