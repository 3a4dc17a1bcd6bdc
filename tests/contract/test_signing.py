from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backups.contract.signing import canonical_query, sign
from tests.contract.vendor import vendor_signature, vendor_uri

AT = datetime(2026, 11, 23, 14, 10, 5, tzinfo=UTC)
ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
QUERIES = st.lists(st.tuples(ENCODABLE, ENCODABLE), max_size=5)
SEGMENTS = st.lists(st.text("abcXYZ019-._~ +:é中", min_size=1, max_size=12), min_size=1, max_size=5)
HEADER_VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)


def signed(method="GET", path="/v3/p/backups", query=(), headers=None, body=b"", **options):
    return sign(
        method,
        path,
        query,
        {"Host": "gaussdb.cn-north-4.myhuaweicloud.com", **(headers or {})},
        body,
        **{"access_key": "AK", "secret_key": "SK", "at": AT, **options},
    )


def vendors(method, path, query, headers, body, **keys):
    unsigned = {name: value for name, value in headers.items() if name != "Authorization"}
    return vendor_signature(
        method, headers["Host"], path, query, unsigned, body,
        **{"access_key": "AK", "secret_key": "SK", **keys},
    )  # fmt: skip


@settings(deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    segments=SEGMENTS,
    query=QUERIES,
    project=HEADER_VALUES,
    body=st.binary(max_size=200),
)
def test_the_vendors_signer_makes_the_same_signature(method, segments, query, project, body):
    path = "/" + "/".join(segments)
    headers = signed(method, path, query, {"X-Project-Id": project, "Content-Type": "application/json"}, body)
    assert headers["Authorization"] == vendors(method, path, query, headers, body)


@settings(deadline=None)
@given(QUERIES)
def test_the_query_goes_over_the_wire_as_the_vendor_sends_it(query):
    expected = vendor_uri("/v3/p/backups", query)
    encoded = canonical_query(query)
    assert (f"/v3/p/backups?{encoded}" if encoded else "/v3/p/backups") == expected


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_the_secret_key_may_hold_any_character(secret_key):
    headers = signed(secret_key=secret_key)
    assert headers["Authorization"] == vendors(
        "GET", "/v3/p/backups", (), headers, b"", secret_key=secret_key
    )


def test_a_security_token_is_sent_and_signed():
    headers = signed(security_token="TEMPORARY")
    assert headers["X-Security-Token"] == "TEMPORARY"
    assert ";x-security-token," in headers["Authorization"]
    assert headers["Authorization"] == vendors("GET", "/v3/p/backups", (), headers, b"")


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "/v3/p/backups/x"},
        {"query": (("limit", "1"),)},
        {"body": b"{}"},
        {"headers": {"X-Project-Id": "other"}},
        {"secret_key": "SL"},
        {"at": AT.replace(second=6)},
    ],
)
def test_every_part_of_the_request_is_under_the_signature(change):
    assert signed(**change)["Authorization"] != signed()["Authorization"]


def test_what_is_no_utf8_fails_to_verify_but_raises_nothing():
    assert signed(secret_key="\ud800")["Authorization"]
