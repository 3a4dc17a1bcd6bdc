"""Asking for a backup."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from backups.models import Backup, Event, Instance, Membership, Status
from backups.operations import creation
from backups.operations.creation import Draft, DraftsRefused
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance


def refusal_of(draft: Draft, by) -> dict[str, list[str]]:
    with pytest.raises(DraftsRefused) as refused:
        creation.create_backups([draft], by=by, at=NOW, client_token=uuid4())
    assert not Backup.objects.exists()
    assert not Event.objects.filter(verb="requested").exists()
    return refused.value.problems[0]


def test_a_request_becomes_a_queued_row_with_its_event_that_is_due_at_once(orders, dba):
    draft = Draft(orders, "before-release", description="manual backup", reason="r", change_ticket="CHG-1")
    [backup] = creation.create_backups([draft], by=dba, at=NOW, client_token=uuid4())
    backup.refresh_from_db()
    assert (backup.status, backup.next_action_at, backup.team) == (Status.QUEUED, NOW, orders.team)
    event = Event.objects.get(backup=backup)
    assert (event.verb, event.actor, event.at, event.to_status) == ("requested", dba, NOW, "QUEUED")


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("name", {"name": "1st-backup"}, "“1”"),
        ("name", {"name": "abc"}, "3"),
        ("name", {"name": "a" * 65}, "65"),
        ("name", {"name": "has space"}, "U+0020"),
        ("name", {"name": "备份备份"}, "备"),
        ("description", {"description": "a < b"}, "“<”"),
        ("description", {"description": "x" * 257}, "257"),
        ("description", {"description": "line\nbreak"}, "U+000A"),
        ("reason", {"reason": "x" * 501}, "501"),
        ("change_ticket", {"change_ticket": "x" * 65}, "65"),
    ],
)
def test_each_broken_rule_is_told_at_its_field_with_the_character_or_length(
    orders, dba, field, values, words
):
    problems = refusal_of(replace(Draft(orders, "before-release"), **values), dba)
    assert list(problems) == [field]
    assert words in problems[field][0]


@pytest.mark.parametrize(
    ("values", "words"), [({"status": "frozen"}, "frozen"), ({"gone_at": NOW}, "no longer")]
)
def test_an_instance_that_takes_no_backup_is_refused_at_the_instance(orders, dba, values, words):
    Instance.objects.filter(pk=orders.pk).update(**values)
    orders.refresh_from_db()
    assert words in refusal_of(Draft(orders, "before-release"), dba)["instance"][0]


def test_only_a_requester_of_the_team_may_ask(orders, lead, auditor, stranger, admin):
    admin.is_superuser = True
    admin.save()
    for person in (lead, auditor, stranger, admin):
        assert "instance" in refusal_of(Draft(orders, "before-release"), person)


def test_a_disabled_requester_may_not_ask(orders, dba):
    dba.is_active = False
    dba.save()
    assert "disabled" in refusal_of(Draft(orders, "before-release"), dba)["instance"][0]


def test_a_name_that_is_taken_on_the_instance_is_refused_and_free_on_another(orders, ledger, dba, ask):
    ask(orders, "before-release")
    problems = creation.check(Draft(orders, "before-release"), by=dba)
    assert "already has a backup named “before-release”" in problems["name"][0]
    assert creation.check(Draft(orders, "Before-release"), by=dba) == {}
    assert creation.check(Draft(ledger, "before-release"), by=dba) == {}


def test_of_several_drafts_all_are_created_or_none(orders, ledger, dba):
    drafts = [Draft(orders, "before-release"), Draft(ledger, "no")]
    with pytest.raises(DraftsRefused) as refused:
        creation.create_backups(drafts, by=dba, at=NOW, client_token=uuid4())
    assert refused.value.problems[0] == {}
    assert list(refused.value.problems[1]) == ["name"]
    assert not Backup.objects.exists()


def test_the_same_token_gives_back_the_same_rows(orders, ledger, dba):
    drafts, token = [Draft(orders, "before-release"), Draft(ledger, "before-release")], uuid4()
    first = creation.create_backups(drafts, by=dba, at=NOW, client_token=token)
    again = creation.create_backups(drafts, by=dba, at=NOW + timedelta(minutes=1), client_token=token)
    assert {row.pk for row in again} == {row.pk for row in first}
    assert Backup.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_two_processes_makes_one_row(orders, dba):
    token = uuid4()

    def click(_):
        try:
            draft = Draft(Instance.objects.select_related("team", "project").get(pk=orders.pk), "before-rel")
            return creation.create_backups([draft], by=dba, at=NOW, client_token=token)[0].pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(click, range(8)))
    assert len(made) == Backup.objects.count() == 1


def test_a_pattern_gives_each_instance_a_name_that_the_cloud_takes(project, dba):
    pattern = creation.proposed_pattern(NOW)
    odd = make_instance(project, "Orders (EU) 中")
    assert creation.name_for(pattern, odd) == "Orders-EU-20261123-1410"
    assert creation.check(Draft(odd, creation.name_for(pattern, odd)), by=dba) == {}


def test_the_preview_is_the_call_of_the_contract(orders):
    preview = creation.request_preview(Draft(orders, "backup-1", description="manual backup"))
    assert preview["url"].endswith("/mysql/v3/0483b6b16e954cb88930a360d2c4e663/backups/create")
    assert preview["body"] == {
        "instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01",
        "name": "backup-1",
        "description": "manual backup",
    }


def test_a_member_who_lost_the_role_keeps_nothing(orders, dba):
    Membership.objects.filter(user=dba).delete()
    assert "not a member" in refusal_of(Draft(orders, "before-release"), dba)["instance"][0]
