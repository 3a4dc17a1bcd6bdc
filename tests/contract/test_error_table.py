"""The table of contract.md, "Errors", written down a second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.errors import Kind, may_be_our_own_call, meaning_of

TABLE = [
    ("DBS.200001", 400, Kind.REFUSED, "name"),
    ("DBS.200004", 400, Kind.REFUSED, "name"),
    ("DBS.200006", 400, Kind.REFUSED, ""),
    ("DBS.200002", 404, Kind.REFUSED, "instance_id"),
    ("DBS.200013", 404, Kind.REFUSED, "instance_id"),
    ("DBS.200010", 403, Kind.REFUSED, "instance_id"),
    ("DBS.200010", 400, Kind.REFUSED, "instance_id"),
    ("DBS.200011", 409, Kind.LATER, "instance_id"),
    ("DBS.200018", 403, Kind.LATER, "instance_id"),
    ("DBS.200019", 409, Kind.LATER, "instance_id"),
    ("DBS.201209", 409, Kind.REFUSED, "name"),
    ("DBS.201210", 400, Kind.REFUSED, "name"),
    ("DBS.280127", 400, Kind.REFUSED, "description"),
    ("DBS.280124", 400, Kind.REFUSED, "backup_id"),
    ("DBS.108000", 500, Kind.AMBIGUOUS, ""),
    ("DBS.108002", 500, Kind.AMBIGUOUS, ""),
    ("DBS.108005", 500, Kind.AMBIGUOUS, ""),
    ("DBS.200005", 500, Kind.AMBIGUOUS, ""),
    ("APIGW.0101", 404, Kind.REFUSED, "endpoint"),
    ("APIGW.0201", 400, Kind.REFUSED, ""),
    ("APIGW.0201", 413, Kind.REFUSED, ""),
    ("APIGW.0201", 502, Kind.AMBIGUOUS, ""),
    ("APIGW.0301", 401, Kind.CREDENTIAL, "credential"),
    ("APIG.0301", 401, Kind.CREDENTIAL, "credential"),
    ("APIGW.0302", 403, Kind.CREDENTIAL, "rights"),
    ("APIGW.0303", 403, Kind.CREDENTIAL, "rights"),
    ("APIGW.0307", 401, Kind.RENEW_TOKEN, "token"),
    ("APIGW.0308", 429, Kind.LATER, ""),
    ("APIGW.0601", 500, Kind.AMBIGUOUS, ""),
    ("IAM.0011", 401, Kind.CREDENTIAL, "password"),
    ("", 302, Kind.REFUSED, "endpoint"),
    ("", 400, Kind.REFUSED, ""),
    ("", 401, Kind.CREDENTIAL, "credential"),
    ("", 409, Kind.LATER, "instance_id"),
    ("", 429, Kind.LATER, ""),
    ("", 500, Kind.AMBIGUOUS, ""),
    ("", 504, Kind.AMBIGUOUS, ""),
    ("DBS.999999", 400, Kind.REFUSED, ""),
    ("DBS.999999", 503, Kind.AMBIGUOUS, ""),
]


@pytest.mark.parametrize(("code", "http_status", "kind", "field"), TABLE)
def test_each_row_of_the_table_has_its_class_and_field(code, http_status, kind, field):
    meaning = meaning_of(code, http_status)
    assert (meaning.kind, meaning.field) == (kind, field)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Incorrect IAM authentication information: decrypt token fail", "token"),
        ("Incorrect IAM authentication information: verify aksk signature fail", "secret_key"),
        ("Incorrect IAM authentication information: Get secretKey failed", "access_key"),
        ("AK access failed to reach the limit, forbidden", "locked"),
    ],
)
def test_a_wrong_sign_in_is_told_apart_by_its_message(message, field):
    assert meaning_of("APIGW.0301", 401, message).field == field


@given(st.sampled_from([row[0] for row in TABLE if row[0].startswith("DBS.2")]), st.integers(400, 599))
def test_a_known_code_decides_whatever_the_http_status(code, http_status):
    assert meaning_of(code, http_status) == meaning_of(code, 400)


@given(st.text(max_size=20), st.integers(100, 999), st.text(max_size=40))
def test_every_code_and_status_has_a_meaning_and_a_remedy(code, http_status, message):
    meaning = meaning_of(code, http_status, message)
    assert meaning.meaning
    assert meaning.remedy
    assert "%" not in meaning.meaning + meaning.remedy


def test_busy_and_name_exists_may_be_our_own_earlier_call():
    ours = {code for code, *_ in TABLE if may_be_our_own_call(code)}
    assert ours == {"DBS.200011", "DBS.200018", "DBS.200019", "DBS.201209", "APIGW.0308"}
