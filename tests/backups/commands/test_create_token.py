"""`manage.py create_token` and `create_key_pair`: printed once, as a program wants to read it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from backups.models import Scope
from backups.operations import access


def run(capsys, name: str, *arguments: str) -> str:
    call_command(name, *arguments)
    return capsys.readouterr().out


def test_a_token_is_printed_alone_on_its_line(dba, payments, capsys):
    told = run(capsys, "create_token", "dba", "--team", "payments", "--scopes", "read,approve")
    token = access.find_token(told.removesuffix("\n"), at=timezone.now())
    assert token is not None
    assert (token.user, token.team, token.scopes) == (dba, payments, [Scope.READ, Scope.APPROVE])


def test_unless_asked_it_approves_nothing(dba, payments, capsys):
    token = access.find_token(
        run(capsys, "create_token", "dba", "--team", "payments").strip(), at=timezone.now()
    )
    assert token is not None
    assert token.scopes == [Scope.READ, Scope.REQUEST]


def test_a_key_pair_is_printed_as_json(dba, payments, capsys):
    keys = json.loads(run(capsys, "create_key_pair", "dba", "--team", "payments", "--json"))
    assert set(keys) == {"access_key", "secret_key"}
    assert access.find_key_pair(keys["access_key"], at=timezone.now()) is not None


def test_a_key_pair_is_printed_for_a_person(dba, payments, capsys):
    first, second = run(capsys, "create_key_pair", "dba", "--team", "payments").splitlines()
    assert first.startswith("access_key: ")
    assert second.startswith("secret_key: ")


@pytest.mark.parametrize("name", ["create_token", "create_key_pair"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody", "--team", "payments"], "There is nobody called nobody."),
        (["dba", "--team", "nowhere"], "There is no team with the short name nowhere."),
        (["dba", "--team", "storefront"], "Dba is not a member of Storefront."),
        (["dba", "--team", "payments", "--days", "400"], "It ends within 366 days from now."),
        (["dba", "--team", "payments", "--days", "9999999"], "none of this calendar"),
    ],
)
def test_what_is_wrong_is_told(dba, payments, storefront, name, arguments, told):
    with pytest.raises(CommandError, match=told):
        call_command(name, *arguments)
