"""A token or a key pair is made with the password once more, and shown in the one answer."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from backups.models import ApiToken, Event, KeyPair, Scope
from backups.operations import access, vault

LIST, NEW = "/account/access/", "/account/access/new"
TOKEN = re.compile(r"spt_[0-9a-f]{72}")


@pytest.fixture
def typed(password) -> dict[str, object]:
    """The form as it is sent."""
    return {
        "client_token": str(uuid4()),
        "kind": "token",
        "holder": "payments/dba",
        "name": "nightly pipeline",
        "scopes": ["read", "request"],
        "days": "90",
        "password": password,
    }


def test_a_token_is_shown_once_with_an_example_and_kept_nowhere(desk, typed, dba, payments, settings, caplog):
    reply = desk.post(NEW, typed)
    shown = set(TOKEN.findall(reply.text))
    assert len(shown) == 1
    secret = shown.pop()
    token = access.find_token(secret, at=timezone.now())
    assert token == ApiToken.objects.get()
    assert (token.user, token.team, token.name) == (dba, payments, "nightly pipeline")
    assert token.scopes == [Scope.READ, Scope.REQUEST]
    assert token.expires_at - token.created_at == timedelta(days=90)
    assert f"{settings.SITE_URL}/api/v1/me/" in reply.text
    assert f"export SAFEPOINT_TOKEN={secret}" in reply.text
    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]
    kept = [str(each.get_decoded()) for each in Session.objects.all()]
    kept += [str(row) for row in Event.objects.values("data")]
    kept += [*map(str, reply.headers.items()), caplog.text, desk.get(LIST).text]
    assert not [text for text in kept if secret[13:] in text]


def test_sent_again_the_form_makes_no_second_one_and_shows_nothing(desk, typed):
    desk.post(NEW, typed)
    again = desk.post(NEW, typed, follow=True)
    assert again.redirect_chain == [(LIST, 302)]
    assert "It was made already" in again.text
    assert not TOKEN.search(again.text)
    assert ApiToken.objects.count() == 1


def test_a_key_pair_is_shown_once_with_the_endpoint(desk, typed, settings):
    settings.SITE_URL = "https://safepoint.example"
    reply = desk.post(NEW, typed | {"kind": "aksk", "scopes": []})
    pair = KeyPair.objects.get()
    secret = vault.open_field(pair, "secret_key").reveal()
    for shown in (pair.access_key, secret, 'with_endpoint("https://safepoint.example")', "Key pair"):
        assert shown in reply.text.replace("&quot;", '"')
    page = desk.get(LIST).text
    assert pair.access_key in page
    assert secret not in page
    assert desk.post(NEW, typed | {"kind": "aksk"}, follow=True).redirect_chain == [(LIST, 302)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"password": "wrong"}, "This is not your password."),
        ({"password": ""}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"scopes": []}, "at least one is needed"),
        ({"days": "1000"}, "Select a valid choice"),
        ({"holder": "payments/lead"}, "Select a valid choice"),
        ({"holder": "storefront/dba"}, "Select a valid choice"),
        ({"kind": "root"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(desk, typed, lead, storefront, wrong, told, password):
    reply = desk.post(NEW, typed | {"name": "my own name"} | wrong)
    assert reply.status_code == 422
    assert told in reply.text
    assert ("my own name" in reply.text) is ("name" not in wrong)
    assert password not in reply.text
    assert not ApiToken.objects.exists()


def test_approve_and_manage_are_never_ticked_unasked(desk, typed):
    page = desk.get(NEW).text
    ticked = re.findall(r'name="scopes" value="(\w+)"[^>]*checked', page)
    assert ticked == ["read", "request"]
    desk.post(NEW, typed | {"scopes": ["read", "approve"]})
    assert ApiToken.objects.get().scopes == [Scope.READ, Scope.APPROVE]


def test_an_admin_makes_one_for_a_service_account_of_the_team(client, admin, service, typed):
    client.force_login(admin)
    assert '<option value="payments/deploy" selected>' in client.get(f"{NEW}?for=payments/deploy").text
    wanted = typed | {"holder": "payments/deploy"}
    refused = client.post(NEW, wanted | {"scopes": ["read", "manage"]})
    assert "A service account may read and request, nothing else." in refused.text
    assert TOKEN.search(client.post(NEW, wanted).text)
    assert ApiToken.objects.get().user == service
    assert "service account" in client.get(LIST).text


def test_who_is_no_admin_is_offered_his_own_name_alone(desk, service, typed):
    assert "deploy" not in desk.get(NEW).text
    assert desk.post(NEW, typed | {"holder": "payments/deploy"}).status_code == 422


def test_who_is_in_no_team_has_nothing_to_choose(desk, dba):
    dba.memberships.all().delete()
    assert "You are in no team" in desk.get(NEW).text
