"""A person settles what the cloud's list did not (faults.md, rule 4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup, Event, Status
from backups.operations import creation, pace, searching, settling, submission
from backups.operations.rights import RightError
from tests.backups.operations.conftest import look_until_asked, read

SOON = timedelta(minutes=1)


def verbs(backup: Backup) -> list[str]:
    return list(Event.objects.filter(backup=backup).order_by("id").values_list("verb", flat=True))


def test_send_again_looks_once_more_and_then_makes_the_call_again(asked, dba, simulator):
    at = asked.needs_decision_at + SOON
    settling.send_again(asked, by=dba, at=at)
    asked = read(asked)
    assert (asked.status, asked.send_again_by, asked.next_action_at) == (Status.UNCONFIRMED, dba, at)
    searching.look(asked.pk, at=at)
    asked = read(asked)
    assert (asked.status, asked.next_action_at, asked.needs_decision_at) == (Status.QUEUED, at, None)
    assert asked.next_watch_at == at + pace.LOOK_AFTER_ASKING
    submission.submit(asked.pk, clock=lambda: at)
    asked = read(asked)
    assert (asked.status, asked.fence, asked.send_again_by) == (Status.BUILDING, 2, None)
    assert len(simulator.history("create_backup")) == 2
    assert verbs(asked)[-4:] == ["send_again_decided", "sent_again", "submitting", "accepted"]
    assert Event.objects.get(backup=asked, verb="sent_again").actor == dba


def test_a_decision_wakes_a_worker_at_once(asked, dba, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hints:
        settling.send_again(asked, by=dba, at=timezone.now())
    assert len(hints) == 1


def test_what_arrives_before_the_second_call_is_taken_in_instead(lose, dba, simulator):
    asked = look_until_asked(lose(at="applied"))
    at = asked.needs_decision_at + SOON
    settling.send_again(asked, by=dba, at=at)
    simulator.control("lag", {"seconds": 0})
    searching.look(asked.pk, at=at)
    asked = read(asked)
    [made] = simulator.backups(asked.instance.project.project_id)
    assert (asked.cloud_id, asked.send_again_by, asked.needs_decision_at) == (made["id"], None, None)
    assert len(simulator.history("create_backup")) == 1


def test_a_list_that_fails_keeps_a_decision_waiting(asked, dba, simulator):
    at = asked.needs_decision_at + SOON
    settling.send_again(asked, by=dba, at=at)
    simulator.fault(operation="list_backups", at="received", action="status", status=500)
    searching.look(asked.pk, at=at)
    asked = read(asked)
    assert (asked.status, asked.send_again_by) == (Status.UNCONFIRMED, dba)
    searching.look(asked.pk, at=asked.next_action_at)
    assert read(asked).status == Status.QUEUED


@pytest.mark.parametrize("decide", [settling.send_again, settling.close])
def test_nobody_decides_who_may_not_or_was_not_asked(lose, asked, auditor, dba, ask, decide):
    before = read(asked)
    with pytest.raises(RightError):
        decide(asked, by=auditor, at=timezone.now())
    queued = ask(asked.instance, "second-one", at=timezone.now())
    with pytest.raises(settling.NotAskedError, match="Nothing is to be decided"):
        decide(queued, by=dba, at=timezone.now())
    assert [row.status for row in (read(asked), read(queued))] == [Status.UNCONFIRMED, Status.QUEUED]
    assert read(asked).revision == before.revision
    assert not {"send_again_decided", "closed"} & {*verbs(asked), *verbs(queued)}


@pytest.mark.parametrize("decide", [settling.send_again, settling.close])
def test_who_decides_second_is_told_so(asked, dba, lead, decide):
    stale = read(asked)
    settling.close(asked, by=lead, at=timezone.now())
    with pytest.raises(settling.NotAskedError):
        decide(stale, by=dba, at=timezone.now())
    assert (read(asked).status, read(asked).send_again_by) == (Status.CANCELLED, None)
    assert verbs(asked).count("closed") == 1


def test_close_gives_the_turn_to_the_next_and_keeps_the_name_while_it_may_turn_up(asked, dba, ask, simulator):
    following = ask(asked.instance, "second-one", at=timezone.now())
    submission.submit(following.pk, clock=timezone.now)
    at = asked.needs_decision_at + SOON
    settling.close(asked, by=dba, at=at)
    asked = read(asked)
    assert (asked.status, asked.next_action_at, asked.needs_decision_at) == (Status.CANCELLED, None, None)
    assert asked.next_watch_at == at + pace.LOOK_EACH
    assert read(following).next_action_at == at
    draft = creation.Draft(instance=asked.instance, name=asked.name)
    assert "already has a backup" in creation.check(draft, by=dba)["name"][0]


def test_a_team_that_said_so_once_and_for_all_has_it_sent_again_once(lose, payments, simulator):
    payments.resends_automatically = True
    payments.save()
    backup = lose()
    while backup.status == Status.UNCONFIRMED:
        searching.look(backup.pk, at=backup.next_action_at)
        backup = read(backup)
    assert (backup.status, backup.needs_decision_at) == (Status.QUEUED, None)
    assert backup.next_action_at >= backup.unconfirmed_since + pace.look_horizon() - pace.SLACK
    assert Event.objects.get(backup=backup, verb="sent_again").actor is None
    simulator.fault(operation="create_backup", at="received", action="drop")
    again = backup.next_action_at
    submission.submit(backup.pk, clock=lambda: again)
    backup = look_until_asked(read(backup))
    assert (backup.status, backup.fence) == (Status.UNCONFIRMED, 2)
