"""API tokens and key pairs: shown once, kept as a digest or sealed, good for what they say, gone at once."""

from datetime import timedelta

import pytest
from django.db import connection

from backups.models import ApiToken, Event, Scope, User
from backups.operations import access, rights
from backups.operations.refusals import Refused
from backups.secrecy import tokens
from tests.fixtures.cast import NOW
from tests.fixtures.consent import leave


def grant(user, team, **values) -> access.Grant:
    return access.Grant(user, team, **{"name": "pipeline"} | values)


@pytest.fixture
def token(dba, payments) -> tuple[ApiToken, str]:
    made, secret = access.issue_token(grant(dba, payments), by=dba, at=NOW)
    return made, secret.reveal()


def refusal(call) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def test_a_token_is_kept_as_a_digest_and_found_by_what_was_shown_once(token):
    made, text = token
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM backups_apitoken AS t")
        stored = cursor.fetchone()[0]
    assert text not in stored
    assert text[12:] not in stored
    assert stored.count(text[:12]) == 1
    assert access.find_token(text, at=NOW) == made
    assert made.scopes == [Scope.READ, Scope.REQUEST]


def test_a_mistyped_token_is_told_by_its_checksum(token, django_assert_num_queries):
    text = token[1]
    with django_assert_num_queries(0):
        for wrong in (text[:-1], text + "0", text.replace("spt_", "ghp_"), text[:-1] + "g", text.upper(), ""):
            assert access.find_token(wrong, at=NOW) is None


def test_a_token_of_the_right_form_that_nobody_made_opens_nothing(db):
    assert access.find_token(tokens.new_token().reveal(), at=NOW) is None


def test_it_is_gone_at_once_when_it_is_revoked_or_its_owner_leaves_or_is_disabled(
    token, dba, payments, admin
):
    made, text = token
    User.objects.filter(pk=dba.pk).update(is_active=False)
    assert access.find_token(text, at=NOW) is None
    User.objects.filter(pk=dba.pk).update(is_active=True)
    assert access.find_token(text, at=NOW)
    access.revoke(made, by=admin, at=NOW)
    assert access.find_token(text, at=NOW) is None
    assert refusal(lambda: access.revoke(made, by=dba, at=NOW)).code == "revoked"
    assert Event.objects.get(verb="token_revoked").actor == admin


def test_who_left_the_team_has_no_token_for_it_nor_has_who_came_back(token, dba, payments):
    leave(payments, dba)
    assert access.find_token(token[1], at=NOW) is None
    later = NOW + timedelta(hours=1)
    payments.memberships.create(user=dba, roles=["requester"], since=later)
    assert access.find_token(token[1], at=later) is None
    _made, secret = access.issue_token(grant(dba, payments), by=dba, at=later)
    assert access.find_token(secret.reveal(), at=later)


def test_it_ends_when_it_says(token):
    made, text = token
    assert made.expires_at == NOW + access.DEFAULT_LIFE
    assert access.find_token(text, at=made.expires_at - timedelta(seconds=1))
    assert access.find_token(text, at=made.expires_at) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + timedelta(days=367)}, "expires_at"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(dba, payments, values, field):
    assert refusal(lambda: access.issue_token(grant(dba, payments, **values), by=dba, at=NOW)).field == field
    assert (
        refusal(lambda: access.issue_key_pair(grant(dba, payments, **values), by=dba, at=NOW)).field == field
    )


@pytest.mark.parametrize("scopes", [[], ["read", "root"]])
def test_scopes_are_known_ones_and_at_least_one(dba, payments, scopes):
    tried = refusal(lambda: access.issue_token(grant(dba, payments), scopes=scopes, by=dba, at=NOW))
    assert tried.field == "scopes"


def test_nobody_gets_one_for_a_team_that_is_not_his(dba, storefront):
    assert refusal(lambda: access.issue_token(grant(dba, storefront), by=dba, at=NOW)).field == "team"
    User.objects.filter(pk=dba.pk).update(is_active=False)
    dba.refresh_from_db()
    assert refusal(lambda: access.issue_token(grant(dba, dba.teams.get()), by=None, at=NOW)).field == "team"


def test_an_admin_makes_one_for_a_service_account_and_for_no_person(dba, admin, service, payments):
    made, _secret = access.issue_token(grant(service, payments), by=admin, at=NOW)
    assert Event.objects.get(verb="token_issued").data["username"] == "deploy"
    assert refusal(lambda: access.issue_token(grant(dba, payments), by=admin, at=NOW)).code == "no_right"
    with pytest.raises(rights.RightError):
        access.issue_token(grant(service, payments), by=dba, at=NOW)
    assert refusal(lambda: access.revoke(made, by=dba, at=NOW)).code == "no_right"


def test_the_last_use_is_written_down_to_the_minute(token, django_assert_num_queries):
    made, _text = token
    access.note_use(made, at=NOW)
    found = ApiToken.objects.get()
    with django_assert_num_queries(0):
        access.note_use(found, at=NOW + timedelta(seconds=59))
    access.note_use(found, at=NOW + timedelta(seconds=60))
    assert ApiToken.objects.get().last_used_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("issue", [access.issue_token, access.issue_key_pair])
def test_one_grant_makes_one_however_often_it_is_sent(dba, payments, issue):
    wanted = grant(dba, payments)
    made, _secret = issue(wanted, by=dba, at=NOW)
    assert made.pk == wanted.id
    assert refusal(lambda: issue(wanted, by=dba, at=NOW)).code == "made"
    assert type(made).objects.count() == 1
    assert Event.objects.count() == 1
