"""Signing in, out, and the very first time."""

import pytest

from backups.models import Team, User
from tests.fixtures.cast import PASSWORD

FIRST = {
    "team_name": "Payments",
    "username": "ada",
    "email": "ada@example.com",
    "password": "a long and quiet sentence",
}


def test_the_right_password_leads_to_the_overview(client, dba):
    reply = client.post("/sign-in/", {"username": "dba", "password": PASSWORD}, follow=True)
    assert reply.redirect_chain[-1][0] == "/"


def test_a_wrong_password_is_told_and_the_name_stays(client, dba):
    reply = client.post("/sign-in/", {"username": "dba", "password": "wrong"})
    assert "correct username and password" in reply.text
    assert 'value="dba"' in reply.text
    assert "wrong" not in reply.text.replace("is-wrong", "")
    assert client.get("/backups/").status_code == 302


def test_signing_in_goes_on_where_it_began(client, dba):
    typed = {"username": "dba", "password": PASSWORD, "next": "/instances/?q=orders"}
    assert client.post("/sign-in/", typed).url == "/instances/?q=orders"


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example",
        "https://evil.example/",
        "https:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "\r\nLocation: https://evil.example",
        "http:///evil.example",
    ],
)
def test_signing_in_leads_to_no_other_site(client, dba, place):
    reply = client.post("/sign-in/", {"username": "dba", "password": PASSWORD, "next": place})
    assert reply.url == "/"


def test_signing_out_is_a_post_and_ends_the_session(client, dba):
    client.force_login(dba)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/backups/").status_code == 302


def test_an_empty_safepoint_leads_to_its_first_admin_who_enters_a_project(client, db):
    assert client.get("/backups/", follow=True).redirect_chain[-1][0] == "/welcome/"
    reply = client.post("/welcome/", FIRST, follow=True)
    assert reply.redirect_chain[-1][0] == "/projects/new"
    assert "Enter a project" in reply.text
    assert (User.objects.get().username, Team.objects.get().name) == ("ada", "Payments")


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("password", "password1234", "too common"),
        ("password", "short", "at least 12 characters"),
        ("email", "nonsense", "valid email"),
        ("team_name", "", "required"),
    ],
)
def test_a_wrong_first_admin_is_told_why_and_nothing_is_made(client, db, field, wrong, words):
    reply = client.post("/welcome/", FIRST | {field: wrong})
    assert reply.status_code == 422
    assert words in reply.text
    assert 'value="ada"' in reply.text
    assert not User.objects.exists()
    assert FIRST["password"] not in reply.text


def test_nobody_becomes_first_twice(client, dba):
    assert client.post("/welcome/", FIRST).url == "/sign-in/"
    assert User.objects.count() == 1
