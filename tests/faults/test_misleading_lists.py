"""The cloud's list lags, moves, breaks off or is empty by mistake (faults.md, row 24)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Backup, Credential, Project, Status
from backups.operations import pace, searching
from tests.faults.steps import FOUND, look, looks, lose_the_reply, some_of, submit

NO_LIST = {
    "no body": "",
    "an empty object": "{}",
    "null": '{"backups": null}',
    "an object": '{"backups": {}, "total_count": 0}',
    "none of three": '{"backups": [], "total_count": 3}',
    "a list alone": "[]",
    "entries without an id": '{"backups": [{"name": "before-release"}], "total_count": 1}',
    "HTML": "<html><title>Please sign in</title>",
}


@pytest.fixture
def backup(simulated, simulator, ask) -> Backup:
    """A backup that the cloud has, and of which we heard nothing."""
    [instance] = some_of(simulated, 1)
    lose_the_reply(simulator)
    backup = submit(ask(instance, "before-release", at=timezone.now()))
    assert backup.status == Status.UNCONFIRMED
    return backup


def plant(simulator, backup: Backup, count: int) -> None:
    for number in range(count):
        told = {"instance_id": backup.instance.cloud_id, "name": f"other-{number}", "age_seconds": 60}
        simulator.control("backups", told)


def is_found_once(backup: Backup, simulator) -> None:
    backup.refresh_from_db()
    [made] = [
        each for each in simulator.backups(backup.instance.project.project_id) if each["name"] == backup.name
    ]
    assert (backup.status in FOUND, backup.cloud_id, backup.needs_decision_at) == (True, made["id"], None)
    assert len(simulator.history("create_backup")) == 1


@pytest.mark.parametrize("minutes", [0, 1, 3, 6, 9])
def test_row_24_a_list_that_lags_up_to_nine_minutes_is_waited_for(backup, simulator, minutes):
    simulator.control("lag", {"seconds": minutes * 60})
    for _ in looks(backup, simulator):
        pass
    is_found_once(backup, simulator)


def test_row_24_a_list_that_lags_beyond_the_horizon_asks_a_person_and_is_looked_at_all_the_same(
    backup, simulator
):
    simulator.control("lag", {"seconds": 30 * 60})
    asked = [each.needs_decision_at for each in looks(backup, simulator)]
    assert any(asked)
    is_found_once(backup, simulator)


@pytest.mark.parametrize("body", NO_LIST.values(), ids=NO_LIST)
def test_row_24_what_is_no_whole_list_never_counts_as_a_no(backup, simulator, body):
    simulator.fault(operation="list_backups", at="reply", action="body", body=body, times=0)
    never_counts(backup, simulator)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 404, 301])
def test_row_24_a_failure_half_way_never_counts_as_a_no(backup, simulator, status):
    plant(simulator, backup, 101)
    trouble = {"action": "status", "status": status, "times": 0}
    simulator.fault(operation="list_backups", match={"offset": "100"}, **trouble)
    never_counts(backup, simulator, looks_needed=6)


def let_all_pauses_pass() -> None:
    Project.objects.update(retry_at=None)
    Credential.objects.update(calls_until=None)


def never_counts(backup: Backup, simulator, *, looks_needed: int = 14) -> None:
    """Long after the horizon nobody is asked; one whole list then settles it."""
    longest = timezone.now() - 2 * pace.look_horizon()
    for _ in range(looks_needed):
        Backup.objects.filter(pk=backup.pk).update(unconfirmed_since=longest, next_action_at=timezone.now())
        let_all_pauses_pass()
        seen = look(backup)
        assert (seen.status, seen.looks, seen.needs_decision_at) == (Status.UNCONFIRMED, 0, None)
    simulator.clear_faults()
    let_all_pauses_pass()
    Backup.objects.filter(pk=backup.pk).update(next_action_at=timezone.now())
    look(backup)
    is_found_once(backup, simulator)


def test_row_24_one_empty_list_by_mistake_decides_nothing(backup, simulator):
    simulator.fault(
        operation="list_backups", at="reply", action="body", body='{"backups": [], "total_count": 0}'
    )
    Backup.objects.filter(pk=backup.pk).update(unconfirmed_since=timezone.now() - 2 * pace.look_horizon())
    seen = look(backup)
    assert (seen.status, seen.looks, seen.needs_decision_at) == (Status.UNCONFIRMED, 1, None)
    look(backup)
    is_found_once(backup, simulator)


@pytest.mark.django_db(transaction=True)
def test_row_24_pages_that_move_while_they_are_read_are_read_again(backup, simulator):
    plant(simulator, backup, 120)
    simulator.hold("list_backups", offset="100")

    def look_now() -> None:
        try:
            searching.look(backup.pk, at=timezone.now() + timedelta(seconds=5))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look_now)
        simulator.wait_until_held()
        plant(simulator, backup, 30)
        simulator.release()
        looking.result()
    assert len(simulator.history("list_backups")) > 2
    is_found_once(backup, simulator)


def test_row_24_pages_that_never_stand_still_are_no_list(backup, simulator):
    plant(simulator, backup, 120)
    for offset in ("100", "200", "300"):
        other = '{"backups": [], "total_count": 7}'
        match = {"offset": offset}
        simulator.fault(operation="list_backups", match=match, at="reply", action="body", body=other, times=0)
    never_counts(backup, simulator, looks_needed=4)
