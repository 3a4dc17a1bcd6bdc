"""Deputies and tokens through REST: one's own, and what an admin looks after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import ApiToken, Delegation
from backups.operations import access
from backups.operations.access import Grant
from backups.secrecy import tokens
from tests.fixtures.callers import Caller
from tests.fixtures.consent import deputize


def test_an_approver_appoints_a_deputy_who_decides_until_it_is_ended(
    call_as, policy, lead, dba, ask, orders, auditor
):
    until = (timezone.now() + timedelta(days=7)).date().isoformat()
    made = call_as(lead).post("deputies/", {"deputy": "auditor", "ends_at": until})
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["absent"], told["deputy"], told["ended_at"]) == ("lead", "auditor", None)
    assert told["ends_at"].endswith("T00:00:00Z")
    assert call_as(lead).get("deputies/").json()["results"] == [told]
    assert call_as(auditor).get("deputies/").json()["results"] == [told]
    assert call_as(dba).get("deputies/").json()["results"] == []
    first, second = (ask(orders, name, at=timezone.now()) for name in ("first-one", "second-one"))
    assert call_as(auditor).post(f"backups/{first.pk}/approve/").status_code == 200
    ended = call_as(auditor).post(f"deputies/{told['id']}/end/")
    assert (ended.status_code, bool(ended.json()["ended_at"])) == (200, True)
    assert call_as(auditor).post(f"backups/{second.pk}/approve/").status_code == 403
    again = call_as(auditor).post(f"deputies/{told['id']}/end/")
    assert (again.status_code, again.json()["type"]) == (409, "urn:safepoint:problem:over")


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"deputy": "nobody"}, 422, "deputy"),
        ({"deputy": "lead"}, 422, "deputy"),
        ({"deputy": "deploy"}, 422, "deputy"),
        ({"ends_at": "2001-01-01"}, 422, "ends_at"),
        ({"ends_at": "2999-01-01"}, 422, "ends_at"),
        ({"ends_at": "soon"}, 400, "ends_at"),
        ({"ends_at": None}, 400, "ends_at"),
        ({"starts_at": "2026-11-20T10:00:00"}, 400, "starts_at"),
        ({"until": "2026-11-20"}, 400, "until"),
    ],
)
def test_a_deputy_that_cannot_be_is_told(call_as, lead, dba, service, change, status, field):
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    reply = call_as(lead).post("deputies/", {"deputy": "dba", "ends_at": tomorrow} | change)
    assert (reply.status_code, set(reply.json()["errors"])) == (status, {field})
    assert not Delegation.objects.exists()


def test_an_admin_looks_after_the_deputies_of_the_token_s_team_alone(
    call_as, admin, lead, dba, payments, storefront, stranger
):
    storefront.memberships.create(user=admin, roles=["admin"])
    other = deputize(storefront, stranger, admin, at=timezone.now())
    mine = deputize(payments, lead, dba, at=timezone.now())
    call = call_as(admin)
    assert [row["id"] for row in call.get("deputies/").json()["results"]] == [str(mine.pk)]
    assert call.post(f"deputies/{other.pk}/end/").status_code == 404
    assert call.post(f"deputies/{mine.pk}/end/").status_code == 200


def test_one_s_tokens_and_key_pairs_are_told_without_their_secrets(call_as, dba, lead, payments):
    now = timezone.now()
    pair, secret = access.issue_key_pair(Grant(dba, payments, "old scripts"), by=dba, at=now)
    access.sign_in(pair, at=now)
    access.issue_token(Grant(lead, payments, "of another"), by=lead, at=now)
    call = call_as(dba, "read", "manage")
    reply = call.get("tokens/")
    mine, told = reply.json()["results"]
    assert (told["kind"], told["name"], told["scopes"]) == ("key_pair", "old scripts", ["read", "request"])
    assert told["hint"] == f"…{pair.access_key[-4:]}"
    assert (mine["kind"], mine["username"], mine["scopes"]) == ("token", "dba", ["read", "manage"])
    assert mine["hint"] == tokens.hint(call.token)
    assert not [
        each for each in (secret.reveal(), call.token, tokens.digest(call.token)) if each in reply.text
    ]


def test_an_admin_is_told_everybody_s_with_the_scope_for_it(call_as, admin, dba, payments):
    call_as(dba)
    assert {row["username"] for row in call_as(admin).get("tokens/").json()["results"]} == {"admin", "dba"}
    told = call_as(admin, "read").get("tokens/").json()["results"]
    assert {row["username"] for row in told} == {"admin"}


def test_what_is_revoked_opens_nothing_and_is_not_told_any_more(call_as, dba, payments):
    call = call_as(dba)
    now = timezone.now()
    pair, _secret = access.issue_key_pair(Grant(dba, payments, "old scripts"), by=dba, at=now)
    reply = call.post(f"tokens/{pair.pk}/revoke/")
    assert (reply.status_code, bool(reply.json()["revoked_at"])) == (200, True)
    assert call.post(f"tokens/{pair.pk}/revoke/").status_code == 409
    [own] = call.get("tokens/").json()["results"]
    assert call.post(f"tokens/{own['id']}/revoke/").status_code == 200
    assert call.get("me/").status_code == 401


def test_only_an_admin_of_the_team_revokes_what_is_another_s(call_as, dba, lead, admin, stranger, storefront):
    theirs = call_as(lead)
    token = ApiToken.objects.get(digest=tokens.digest(theirs.token))
    path = f"tokens/{token.pk}/revoke/"
    assert call_as(dba).post(path).status_code == 403
    assert call_as(stranger, team=storefront).post(path).status_code == 404
    assert call_as(admin).post(path).status_code == 200
    assert Caller(theirs.token).get("me/").status_code == 401


def test_a_token_that_a_key_pair_signed_in_for_goes_with_its_pair_alone(call_as, dba, payments):
    now = timezone.now()
    pair, _secret = access.issue_key_pair(Grant(dba, payments, "old scripts"), by=dba, at=now)
    token, _shown = access.sign_in(pair, at=now)
    assert call_as(dba).post(f"tokens/{token.pk}/revoke/").status_code == 404


def test_no_token_is_made_with_a_token(call_as, admin):
    assert call_as(admin).post("tokens/", {"name": "more"}).status_code == 405
