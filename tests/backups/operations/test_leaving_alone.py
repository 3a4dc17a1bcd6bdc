"""A cloud that fails is left alone, then asked by one call at a time; a key is never locked by us."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from backups import cloud
from backups.models import Credential, Project
from backups.operations import pace, reach
from backups.operations.lanes import LANES, Lanes
from tests.fixtures.cast import NOW

AWAY = cloud.CloudNotSent("refused", at_step="connect")


def again(project: Project) -> Project:
    return Project.objects.select_related("credential").get(pk=project.pk)


def test_a_cloud_is_left_alone_from_the_third_call_without_an_answer_on(project):
    for _ in range(2):
        reach.note_error(again(project), AWAY, at=NOW)
    assert reach.admit(again(project), at=NOW) is None
    reach.note_error(again(project), AWAY, at=NOW)
    hold = reach.admit(again(project), at=NOW)
    assert hold
    assert (hold.until, hold.message) == (NOW + pace.SHORTEST_RETRY, AWAY.meaning)
    assert "by itself" in hold.remedy
    assert again(project).unreachable_since == NOW


def test_one_caller_at_a_time_asks_whether_it_answers_again(project):
    for _ in range(3):
        reach.note_error(again(project), AWAY, at=NOW)
    first, second = again(project), again(project)
    later = NOW + pace.SHORTEST_RETRY
    assert reach.admit(first, at=later) is None
    hold = reach.admit(second, at=later)
    assert hold
    assert hold.until == later + pace.FIRST_FOLLOW
    hold = reach.admit(again(project), at=later)
    assert hold
    assert hold.until == later + pace.lease()
    # One that was admitted and died is waited for as long as a call may take.
    assert reach.admit(again(project), at=later + pace.lease()) is None


def test_a_hold_of_which_nothing_is_known_has_no_words(project):
    Project.objects.update(retry_at=NOW + timedelta(seconds=1))
    hold = reach.admit(again(project), at=NOW)
    assert hold == reach.Hold(NOW + timedelta(seconds=1), "", "")


@pytest.mark.parametrize(("failures", "is_held"), [(2, False), (3, True)])
def test_after_three_failed_sign_ins_only_a_person_has_it_tried_again(project, failures, is_held):
    for _ in range(failures):
        reach.note_sign_in_failed(again(project), "wrong key", at=NOW)
    at = NOW + timedelta(days=1)
    hold = reach.admit(again(project), at=at)
    assert bool(hold) == is_held
    if hold:
        assert (hold.until, hold.message) == (at + timedelta(minutes=5), "wrong key")
        assert "Test the project's connection" in hold.remedy


def test_who_was_admitted_before_others_failed_gives_up_before_the_cloud_hears_of_it(simulated, simulator):
    admitted = again(simulated)
    reach.note_sign_in_failed(simulated, "wrong key", at=timezone.now())
    with pytest.raises(cloud.NotOurTurn), reach.calling(admitted, at=timezone.now()) as client:
        client.list_instances()
    assert again(simulated).credential.failures == 1


def test_an_answer_to_an_old_call_does_not_hide_that_others_have_failed_since(project):
    admitted = again(project)
    reach.note_sign_in_failed(again(project), "wrong key", at=NOW)
    reach.note_answer(admitted, at=NOW)
    assert Credential.objects.get().failures == 1


@pytest.mark.django_db(transaction=True)
def test_only_so_many_calls_of_a_credential_run_at_a_time(project):
    lanes, other = Lanes(project.credential.pk), connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            for lane in range(1, LANES + 1):
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lanes.key, lane])
        with pytest.raises(cloud.NotOurTurn, match="at a time"), lanes.lane(within_seconds=0.1):
            pytest.fail("a fifth call began")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, 3)", [lanes.key])
        with lanes.lane(within_seconds=0.1), connection.cursor() as cursor:
            cursor.execute(
                "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            assert cursor.fetchall() == [(3,)]
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_a_turn_that_would_come_too_late_is_not_waited_for(project, settings):
    settings.CLOUD_CALLS_PER_SECOND = 0.1
    lanes = Lanes(project.credential.pk)
    with lanes.turn(within_seconds=1):
        pass
    with pytest.raises(cloud.NotOurTurn, match="per second"), lanes.turn(within_seconds=1):
        pytest.fail("it did not wait")


def test_a_pause_that_the_cloud_asked_for_holds_every_call(project):
    lanes = Lanes(project.credential.pk)
    lanes.pause(60)
    with pytest.raises(cloud.NotOurTurn), lanes.turn(within_seconds=50):
        pytest.fail("it did not wait")


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (cloud.CredentialFailed("no"), 1, 300),
        (cloud.CertificateRefused("no"), 1, 300),
        (cloud.CloudLater("later", retry_after=0.0), 1, 1),
        (cloud.CloudLater("later", retry_after=17.0), 9, 17),
        (AWAY, 1, 5),
        (AWAY, 2, 10),
        (AWAY, 6, 160),
        (AWAY, 7, 300),
        (AWAY, 10000, 300),
    ],
)
def test_each_failure_has_its_wait(error, attempts, seconds):
    assert pace.before_next_attempt(error, attempts=attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (9, 512), (12, 900)])
def test_too_many_calls_without_a_word_wait_longer_each_time(attempts, seconds):
    error = cloud.CloudLater("later", http_status=429)
    waits = {pace.before_next_attempt(error, attempts=attempts).total_seconds() for _ in range(50)}
    assert all(0.8 * seconds <= wait <= min(1.2 * seconds, 900) for wait in waits)
    assert len(waits) > 1
