"""The form that asks for backups."""

from uuid import uuid4

import pytest
from django.test import Client

from backups.models import Backup, Event, Instance

NEW, CHECK = "/backups/new", "/backups/new/check"


@pytest.fixture
def typed(orders):
    """A form as a DBA fills it in."""
    return {
        "client_token": str(uuid4()),
        "instances": [str(orders.pk)],
        "name": "{instance}-before-release",
        "description": "manual backup",
        "reason": "schema change",
        "change_ticket": "CHG-1",
    }


@pytest.fixture
def desk(client, dba):
    """The DBA's browser."""
    client.force_login(dba)
    return client


def test_a_request_becomes_a_queued_backup_and_leads_to_its_page(desk, typed, orders):
    reply = desk.post(NEW, typed)
    backup = Backup.objects.get()
    assert reply.url == f"/backups/{backup.pk}/"
    assert (backup.name, backup.status, backup.instance) == ("orders-before-release", "QUEUED", orders)
    page = desk.get(reply.url).text
    for shown in ("orders-before-release", "manual backup", "schema change", "CHG-1", "Asked for"):
        assert shown in page


def test_several_instances_each_get_a_backup_under_their_own_name(desk, typed, orders, ledger):
    reply = desk.post(NEW, typed | {"instances": [orders.pk, ledger.pk]}, follow=True)
    assert "2 backups asked for" in reply.text
    assert sorted(Backup.objects.values_list("name", flat=True)) == [
        "ledger-before-release",
        "orders-before-release",
    ]


def test_a_double_click_makes_one_row_and_shows_the_same_page(desk, typed):
    assert desk.post(NEW, typed).url == desk.post(NEW, typed).url
    assert Backup.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("name", "1st", "3"),
        ("name", "has space", "U+0020"),
        ("name", "", "A backup needs a name"),
        ("description", 'say "hi"', "“&quot;”"),
        ("reason", "r" * 501, "501 characters"),
        ("change_ticket", "t" * 65, "65 characters"),
        ("instances", [], "Choose at least one instance"),
        ("instances", [str(uuid4())], "There is no such instance"),
    ],
)
def test_each_wrong_field_says_why_and_nothing_typed_is_lost(desk, typed, field, wrong, words):
    reply = desk.post(NEW, typed | {field: wrong})
    assert reply.status_code == 422
    assert words in reply.text
    assert not Backup.objects.exists()
    for name, value in typed.items():
        if name not in (field, "instances"):
            assert f'value="{value}"' in reply.text
    if field != "instances":
        assert "checked" in reply.text


def test_an_instance_of_another_team_is_as_if_it_did_not_exist(desk, typed, foreign):
    reply = desk.post(NEW, typed | {"instances": [foreign.pk]})
    assert "There is no such instance" in reply.text
    assert "catalog" not in reply.text
    assert not Backup.objects.exists()


def test_an_instance_that_takes_no_backup_is_told_at_the_instances(desk, typed, orders):
    Instance.objects.filter(pk=orders.pk).update(status="frozen")
    assert "“frozen” in the cloud" in desk.post(NEW, typed).text


def test_a_reader_without_the_role_is_told_so_and_nothing_happens(client, auditor, typed):
    client.force_login(auditor)
    reply = client.post(NEW, typed)
    assert "Only a requester of Payments may do this" in reply.text
    assert not Backup.objects.exists()
    assert not Event.objects.filter(verb="requested").exists()


def test_typing_a_wrong_name_is_told_before_anything_is_sent(desk, typed):
    reply = desk.post(CHECK, typed | {"name": "1st-backup"}, headers={"HX-Trigger-Name": "name"})
    assert "“1”" in reply.text
    assert 'id="note-name"' in reply.text
    assert 'id="note-description"' not in reply.text
    assert not Backup.objects.exists()


def test_typing_shows_the_exact_request_and_whom_it_waits_for(desk, typed, orders, ask):
    running = ask(orders, "running-now")
    Backup.objects.filter(pk=running.pk).update(status="BUILDING", cloud_id="a")
    reply = desk.post(CHECK, typed, headers={"HX-Trigger-Name": "instances"})
    assert "after running-now, which runs now" in reply.text
    assert "&quot;name&quot;: &quot;orders-before-release&quot;" in reply.text
    assert "/mysql/v3/0483b6b16e954cb88930a360d2c4e663/backups/create" in reply.text


def test_a_name_is_judged_before_an_instance_is_chosen(desk, typed):
    reply = desk.post(CHECK, typed | {"instances": [], "name": "a!"}, headers={"HX-Trigger-Name": "name"})
    assert 'data-tone="error"' in reply.text


def test_the_search_narrows_the_choice_and_keeps_what_is_chosen(desk, orders, ledger):
    reply = desk.get("/backups/new/instances", {"search": "ledg", "instances": [str(orders.pk)]})
    assert "ledger" in reply.text
    assert "orders" in reply.text
    assert reply.text.count("checked") == 1
    assert "orders" not in desk.get("/backups/new/instances", {"search": "ledg"}).text


def test_a_link_from_an_instance_brings_it_along(desk, orders):
    page = desk.get(NEW, {"instance": str(orders.pk)}).text
    assert "checked" in page
    assert "The exact request" in page
    assert desk.get(NEW, {"instance": "nonsense"}).status_code == 200


def test_the_form_refuses_a_post_without_its_csrf_token(dba, typed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dba)
    for path in (NEW, CHECK):
        assert strict.post(path, typed).status_code == 403
    assert not Backup.objects.exists()
