"""What `signing` makes is verified, and nothing else (contract.md, "Signing in")."""

from datetime import UTC, datetime, timedelta

import pytest

from backups.contract import signing, verifying

NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
PATH = "/mysql/v3/0483b6b16e954cb88930a360d2c4e663/backups"
QUERY = [("limit", "10"), ("begin_time", "2026-11-01T00:00:00+0800")]
BODY = b'{"name": "nightly"}'


def signed(**changes: object) -> dict[str, str]:
    call = {"access_key": "AK", "secret_key": "SK", "at": NOW} | changes
    headers = signing.sign("POST", PATH, QUERY, {"Host": "safepoint.example.org"}, BODY, **call)  # type: ignore[arg-type]
    return {name.lower(): value for name, value in headers.items()}


def judged(headers: dict[str, str], *, method="POST", path=PATH, query=QUERY, body=BODY, now=NOW) -> str:
    claim = verifying.read_claim(headers["authorization"])
    assert claim is not None
    return verifying.problem_of(claim, method, path, query, headers, body, secret_key="SK", now=now)


def test_what_was_signed_holds():
    assert judged(signed()) == ""


def test_the_order_of_the_query_and_a_slash_at_the_end_do_not_matter():
    assert judged(signed(), query=QUERY[::-1], path=f"{PATH}/") == ""


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": PATH.replace("0483", "0484")},
        {"query": QUERY[:1]},
        {"body": BODY + b" "},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_call_does_not_hold(change):
    assert judged(signed(), **change) == "verify aksk signature fail"


def test_a_changed_header_does_not_hold():
    assert judged(signed() | {"host": "evil.example.org"}) == "verify aksk signature fail"


def test_another_secret_key_does_not_hold():
    assert judged(signed(secret_key="other")) == "verify aksk signature fail"


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_date_that_is_more_than_a_quarter_of_an_hour_off_is_refused(minutes):
    assert "15 minutes off" in judged(signed(), now=NOW + timedelta(minutes=minutes))
    assert judged(signed(), now=NOW + timedelta(minutes=minutes * 14 / 16)) == ""


@pytest.mark.parametrize("date", ["", "2026-11-23", "99999999T999999Z"])
def test_a_date_that_is_none_is_refused(date):
    assert "15 minutes off" in judged(signed() | {"x-sdk-date": date})


@pytest.mark.parametrize(
    "names", ["x-sdk-date", "host", "x-sdk-date;host", "host;host;x-sdk-date", "content-type"]
)
def test_host_and_date_must_be_signed_in_order(names):
    headers = signed()
    headers["authorization"] = headers["authorization"].replace("host;x-sdk-date", names)
    assert "must be signed" in judged(headers)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer x",
        "SDK-HMAC-SHA256 Access=AK",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=zz",
        f"SDK-HMAC-SHA256 Access={'A' * 65}, SignedHeaders=host, Signature={'0' * 64}",
    ],
)
def test_what_is_no_signature_is_told_so(header):
    assert verifying.read_claim(header) is None
