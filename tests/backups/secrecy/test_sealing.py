"""Secrets at rest and in passing (security.md, rows 1 and 4)."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.secrecy.redaction import redact_text, redact_value
from backups.secrecy.sealing import KeyFormatError, KeyRing, SealError, new_key
from backups.secrecy.secret import Secret

KEY, OTHER = new_key(), new_key()
CANARY = "CANARY-s3cr3t"
PLACE = "team:1/credential:2/field:secret_key"


@given(st.text())
def test_what_is_sealed_opens_in_its_place(text):
    ring = KeyRing([KEY])
    assert ring.open(ring.seal(Secret(text), place=PLACE), place=PLACE).reveal() == text


def test_a_sealed_secret_does_not_open_in_another_team_credential_or_field():
    ring = KeyRing([KEY])
    sealed = ring.seal(Secret(CANARY), place=PLACE)
    for place in (PLACE.replace("1", "9"), PLACE.replace("2", "9"), PLACE.replace("secret", "access")):
        with pytest.raises(SealError):
            ring.open(sealed, place=place)


def test_a_sealed_secret_does_not_open_with_any_byte_flipped():
    ring = KeyRing([KEY])
    sealed = ring.seal(Secret(CANARY), place=PLACE)
    for position in range(len(sealed)):
        touched = bytearray(sealed)
        touched[position] ^= 1
        with pytest.raises(SealError):
            ring.open(bytes(touched), place=PLACE)


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_do_not_open(noise):
    with pytest.raises(SealError):
        KeyRing([KEY]).open(noise, place=PLACE)


def test_the_first_key_seals_and_every_key_opens():
    sealed = KeyRing([KEY]).seal(Secret(CANARY), place=PLACE)
    both = KeyRing([OTHER, KEY])
    assert both.open(sealed, place=PLACE).reveal() == CANARY
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal(Secret(CANARY), place=PLACE))
    with pytest.raises(SealError):
        KeyRing([OTHER]).open(sealed, place=PLACE)


@pytest.mark.parametrize("keys", [[], [""], ["short"], [KEY, "not base64 at all"], ["ключ"]])
def test_a_malformed_key_is_refused_without_being_repeated(keys):
    with pytest.raises(KeyFormatError) as refused:
        KeyRing(keys)
    assert all(key not in str(refused.value) for key in keys if key)


def test_a_secret_shows_itself_to_nobody_who_did_not_ask_by_name():
    secret = Secret(CANARY)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", repr([secret])):
        assert CANARY not in shown
    for carry in (pickle.dumps, json.dumps, copy.copy, hash):
        with pytest.raises(TypeError):
            carry(secret)
    assert secret == Secret(CANARY)
    assert secret != CANARY


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: SDK-HMAC-SHA256 Access={CANARY}, SignedHeaders=host, Signature=00ffee",
        f"X-Auth-Token: {CANARY}",
        f'{{"x-subject-token": "{CANARY}"}}',
        f"password={CANARY}&user=x",
        f"{{'secret_key': '{CANARY}'}}",
        f"sk={CANARY}",
        f"security_token: {CANARY}",
        f"Authorization: Bearer {CANARY}",
        "told spt_00ffee00ffee to somebody",
    ],
)
def test_a_line_with_a_secret_is_written_without_it(line):
    redacted = redact_text(line)
    assert CANARY not in redacted
    assert "00ffee" not in redacted


def test_values_are_redacted_by_name_by_type_and_in_depth():
    shown = repr(redact_value("event", {"headers": [{"X-Auth-Token": CANARY}], "x": Secret(CANARY), "n": 1}))
    assert CANARY not in shown
    assert "'n': 1" in shown
