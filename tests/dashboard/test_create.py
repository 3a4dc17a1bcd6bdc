"""The form that asks for backups."""

from uuid import uuid4

import pytest
from django.test import Client

from backups.models import Backup, Event, Instance

NEW, CHECK = "/backups/new", "/backups/new/check"


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


def test_the_same_form_with_other_words_is_told_that_it_was_sent_before(desk, typed):
    desk.post(NEW, typed)
    reply = desk.post(NEW, typed | {"name": "another-one"})
    assert reply.status_code == 422
    assert "was sent before, as orders-before-release" in reply.text
    assert 'value="another-one"' in reply.text
    assert Backup.objects.count() == 1
    token = reply.text.split('name="client_token" value="')[1].split('"')[0]
    assert desk.post(NEW, typed | {"name": "another-one", "client_token": token}).status_code == 302
    assert Backup.objects.count() == 2


def test_the_form_refuses_a_post_without_its_csrf_token(dba, typed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dba)
    for path in (NEW, CHECK):
        assert strict.post(path, typed).status_code == 403
    assert not Backup.objects.exists()
