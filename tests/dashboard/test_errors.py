"""What went wrong is told on a page of ours, and says nothing of the inside."""

import pytest
from django.db import connection
from django.test import Client

from backups.operations import rights
from backups.queries import history


@pytest.fixture
def desk(client, dba) -> Client:
    """The DBA's browser; a mistake of ours is a page for her, not an exception for the test."""
    client.raise_request_exception = False
    client.force_login(dba)
    return client


def test_a_wrong_address_is_told_with_a_way_back(desk):
    reply = desk.get("/nowhere")
    assert reply.status_code == 404
    assert "There is nothing here" in reply.text
    assert 'href="/backups/"' in reply.text


def test_what_one_may_not_do_is_told_with_the_reason(desk):
    reply = desk.get("/projects/new")
    assert reply.status_code == 403
    assert "Only an admin of a team may enter a project." in reply.text


def test_a_mistake_of_ours_shows_nothing_of_the_inside(desk, monkeypatch):
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("canary-of-the-inside")

    monkeypatch.setattr(history, "page", fail)
    reply = desk.get("/backups/")
    assert reply.status_code == 500
    assert "Something went wrong here" in reply.text
    assert "canary" not in reply.text


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_told_on_a_page_that_needs_none(desk, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()
    reply = desk.get("/backups/")
    monkeypatch.undo()
    connection.close()
    assert reply.status_code == 500
    assert "Something went wrong here" in reply.text


def test_a_form_without_its_token_is_told_what_to_do(dba):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dba)
    reply = strict.post("/sign-out/")
    assert reply.status_code == 403
    assert "too old, or came from elsewhere" in reply.text


@pytest.mark.parametrize(
    "path", ["/backups/new", "/backups/new/check", "/welcome/", "/sign-in/", "/sign-out/"]
)
def test_no_change_is_made_without_the_token_of_the_form(dba, path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dba)
    assert strict.post(path).status_code == 403
    assert strict.post(path, headers={"HX-Request": "true", "X-CSRFToken": "x" * 64}).status_code == 403


def test_an_unreadable_cursor_is_told(desk):
    reply = desk.get("/backups/?before=nonsense")
    assert reply.status_code == 400
    assert "cannot be read" in reply.text


def test_a_refusal_reads_the_same_by_htmx_and_by_page(desk, orders, monkeypatch):
    assert not rights.may(orders.team.members.get(username="dba"), "test_connection", orders.team).is_allowed
    for headers in ({}, {"HX-Request": "true"}):
        reply = desk.post(f"/projects/{orders.project_id}/test", headers=headers)
        assert reply.status_code == 403
