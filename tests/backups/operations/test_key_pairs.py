"""AK/SK pairs: the secret key is sealed, and a token that a pair signed in for goes with it."""

from datetime import timedelta

from backups.models import ApiToken, KeyPair
from backups.operations import access, vault
from tests.fixtures.cast import NOW


def test_a_key_pair_is_sealed_and_signs_in_for_a_day(dba, payments):
    pair, secret = access.issue_key_pair(access.Grant(dba, payments, "script"), by=dba, at=NOW)
    assert access.find_key_pair(pair.access_key, at=NOW) == pair
    assert access.find_key_pair("AKNOBODYS", at=NOW) is None
    assert vault.open_field(KeyPair.objects.get(), "secret_key") == secret
    assert secret.reveal().encode() not in bytes(KeyPair.objects.get().secret_key_sealed)
    token, shown = access.sign_in(pair, at=NOW)
    assert token.expires_at == NOW + timedelta(hours=24)
    assert access.find_token(shown.reveal(), at=NOW) == token
    access.sign_in(pair, at=NOW + timedelta(hours=24))
    assert not ApiToken.objects.filter(pk=token.pk).exists()


def test_the_tokens_of_a_key_pair_go_with_it(dba, payments):
    pair, _secret = access.issue_key_pair(access.Grant(dba, payments, "script"), by=dba, at=NOW)
    shown = access.sign_in(pair, at=NOW)[1].reveal()
    access.revoke(pair, by=dba, at=NOW)
    assert access.find_token(shown, at=NOW) is None
    assert access.find_key_pair(pair.access_key, at=NOW) is None
    assert str(pair) == f"key pair …{pair.access_key[-4:]}"
