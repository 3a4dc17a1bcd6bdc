"""Whatever the cloud sends gives a typed result or a typed error, never another exception."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.cloud import BackupRecord, CloudError, InstanceRecord
from tests.cloud.conftest import INSTANCE_ID
from tests.cloud.raw_server import reply

HUGE = st.integers(-(10**400), 10**400)
SCALARS = (
    st.none() | st.booleans() | HUGE | st.floats() | st.text(max_size=12)
    | st.sampled_from(["2020-07-07T01:17:05+0800", "0001-01-01T00:00:00+1400", "1e999", "-1", "NaN"])
)  # fmt: skip
KEYS = st.sampled_from([
    "backup", "backups", "instances", "id", "name", "status", "instance_id", "begin_time", "end_time",
    "size", "datastore", "type", "version", "volume", "used", "backup_strategy", "keep_days",
    "start_time", "total_count", "job_id", "descriprion", "created", "error", "error_code",
    "error_msg", "code", "message", "request_id", "projects", "token",
]) | st.text(max_size=5)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
ENTRIES = st.dictionaries(KEYS, JSON, max_size=8).map(lambda entry: {**entry, "id": "b-1"})
LIKELY = st.one_of(
    ENTRIES.map(lambda entry: {"backup": entry}),
    st.lists(ENTRIES, max_size=3).map(lambda found: {"backups": found, "total_count": len(found)}),
    st.lists(ENTRIES, max_size=3).map(lambda found: {"instances": found, "total_count": len(found)}),
)
BODIES = st.one_of(JSON.map(json.dumps), LIKELY.map(json.dumps)).map(str.encode) | st.binary(max_size=60)
STATUSES = st.sampled_from([200, 201, 202, 204, 206, 400, 401, 403, 404, 409, 429, 500, 503]) | (
    st.integers(102, 999)
)
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry_After", "Date", "X_Request_Id", "Content_Type", "Location"]),
    HEADER_TEXT,
)
THOROUGH = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def answered(serve, client_of):
    """Makes each call of a client whose server answers with given bytes."""
    content = [b""]

    def play(sock, received):
        sock.sendall(content[0])
        sock.shutdown(2)

    client = client_of(serve(play), deadline_seconds=2.0)

    def calls(reply_bytes):
        content[0] = reply_bytes
        yield lambda: [client.create_backup(instance_id=INSTANCE_ID, name="backup-1")]
        yield client.list_backups
        yield client.list_instances
        yield lambda: [client.find_project_id(client._endpoint, "cn-north-4")]
        yield lambda: [client.delete_backup("b-1")]

    return calls


def outcome(call):
    try:
        return call()
    except CloudError as error:
        check_words(error)
        return []


def check_words(error):
    """A typed error has something to say in every way that it may be asked."""
    assert all([error.meaning, error.remedy, str(error), repr(error)])


def check_storable(record):
    """What a record holds can be written to a database: text as UTF-8, JSON without NaN."""
    json.dumps(record.raw, allow_nan=False, ensure_ascii=False).encode()
    assert "\x00" not in (record.name or "") + (record.status or "")


@THOROUGH
@given(status=STATUSES, body=BODIES, headers=HEADERS)
def test_any_status_headers_and_body_are_typed(answered, status, body, headers):
    for call in answered(reply(status, body, **headers)):
        for result in outcome(call):
            assert isinstance(result, BackupRecord | InstanceRecord | str | None)
            if isinstance(result, BackupRecord | InstanceRecord):
                check_storable(result)


@THOROUGH
@given(entry=ENTRIES)
def test_a_backup_with_an_id_is_always_a_record(answered, entry):
    entry.pop("instance_id", None)
    create, *_ = answered(reply(200, {"backup": entry}))
    [record] = outcome(create)
    assert record.id == "b-1"
    assert record.size_mb is None or record.size_mb >= 0


@THOROUGH
@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda rest: b"HTTP/1.1 200 " + rest))
def test_any_bytes_on_the_wire_are_typed(answered, content):
    for call in answered(content):
        outcome(call)
