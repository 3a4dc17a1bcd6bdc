"""Where a word about the cloud begins to count, and where not yet."""

from datetime import timedelta

import pytest

from backups import cloud
from backups.models import Credential, Project
from backups.operations import pace, reach
from backups.operations.lanes import Lanes
from tests.fixtures.cast import NOW

AWAY = cloud.CloudNotSent("refused", at_step="connect")


def again(project: Project) -> Project:
    return Project.objects.select_related("credential", "team").get(pk=project.pk)


def credential() -> Credential:
    return Credential.objects.get()


def test_a_failed_sign_in_is_told_by_what_it_means_not_by_what_to_do(project):
    error = cloud.CredentialFailed("wrong", meaning="The key is unknown.", remedy="Enter another one.")
    reach.note_error(again(project), error, at=NOW)
    assert (credential().failure, credential().failed_at) == ("The key is unknown.", NOW)


@pytest.mark.parametrize(
    ("skew", "is_reason"), [(None, False), (1.0, False), (900.0, False), (900.5, True), (-901.0, True)]
)
def test_clocks_that_differ_by_more_than_15_minutes_are_the_reason(project, skew, is_reason):
    reach.note_sign_in_failed(again(project), "wrong", skew=skew, at=NOW)
    assert ("clock" in credential().failure) == is_reason
    assert credential().skew_seconds == (skew if is_reason else None)


@pytest.mark.parametrize(("seconds", "minutes"), [(3900.0, 65), (-3900.0, 65), (29.0, 0), (31.0, 1)])
def test_minutes_of_skew_are_rounded(seconds, minutes):
    assert f" {minutes} minute" in reach.skew_in_words(seconds)


@pytest.mark.parametrize(("status", "is_silence"), [(499, False), (500, True), (599, True), (None, True)])
def test_only_a_server_error_or_no_reply_is_silence(project, status, is_silence):
    for _ in range(3):
        reach.note_error(again(project), cloud.CloudAmbiguous("x", http_status=status), at=NOW)
    assert bool(reach.admit(again(project), at=NOW)) == is_silence


def test_who_is_told_to_slow_down_has_been_heard(project, monkeypatch):
    paused: list[float] = []
    monkeypatch.setattr(Lanes, "pause", lambda _self, seconds: paused.append(seconds))
    reach.note_error(again(project), AWAY, at=NOW)
    reach.note_error(again(project), cloud.CloudLater("slow", http_status=429), at=NOW)
    assert (again(project).calls_failed, credential().verified_at) == (0, NOW)
    assert 1.6 <= paused[0] <= 2.4


def test_a_person_who_mended_the_connection_begins_the_count_anew(project):
    for _ in range(2):
        reach.note_error(again(project), AWAY, at=NOW)
    reach.start_over(again(project), at=NOW)
    assert again(project).calls_failed == 0
    for _ in range(2):
        reach.note_error(again(project), AWAY, at=NOW)
    reach.resume(again(project), at=NOW)
    assert again(project).calls_failed == 0
    assert reach.admit(again(project), at=NOW) is None


def test_a_connection_test_that_works_says_so_even_if_it_worked_a_moment_ago(project):
    reach.note_answer(again(project), at=NOW)
    later = NOW + timedelta(seconds=3)
    reach.resume(again(project), at=later)
    assert credential().verified_at == later


@pytest.mark.parametrize(("seconds", "is_written"), [(59, False), (61, True)])
def test_when_it_last_worked_is_known_to_the_minute(project, seconds, is_written):
    reach.note_answer(again(project), at=NOW)
    later = NOW + timedelta(seconds=seconds)
    reach.note_answer(again(project), at=later)
    assert credential().verified_at == (later if is_written else NOW)


def test_an_answer_after_one_silence_begins_the_count_anew(project):
    reach.note_error(again(project), AWAY, at=NOW)
    reach.note_answer(again(project), at=NOW)
    assert again(project).calls_failed == 0


def test_an_answer_lifts_a_hold_that_no_failed_call_has_brought(project):
    Project.objects.update(retry_at=NOW)
    reach.note_answer(again(project), at=NOW)
    assert again(project).retry_at is None


def test_two_calls_of_others_without_an_answer_do_not_stop_one_that_was_admitted(project):
    admitted = again(project)
    for _ in range(2):
        reach.note_error(again(project), AWAY, at=NOW)
    with reach.calling(admitted, at=NOW):
        pass
    assert again(project).calls_failed == 0


def test_a_row_is_due_half_a_second_early(orders, ask):
    backup = ask(orders, "before-release")
    half = timedelta(milliseconds=500)
    assert pace.is_due(backup, at=backup.next_action_at - half)
    assert not pace.is_due(backup, at=backup.next_action_at - half - timedelta(milliseconds=1))


def test_half_of_what_a_lease_lasts_beyond_the_call_may_be_waited_for_others(settings):
    settings.LEASE_MARGIN_SECONDS = 12.0
    assert pace.lane_patience() == 6.0


@pytest.mark.parametrize(
    ("running", "usual", "wait"),
    [(0, None, 2), (1200, None, 60), (86400, None, 60), (480, 600, 24), (540, 600, 12), (30, None, 3)],
)
def test_the_closer_the_usual_end_the_closer_it_is_followed(running, usual, wait):
    seconds = pace.before_follow(
        timedelta(seconds=running), usual=usual and timedelta(seconds=usual), pages=1
    ).total_seconds()
    assert seconds == wait
