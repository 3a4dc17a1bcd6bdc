"""What goes over the wire under an access key is accepted by the vendor's own signer."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.cloud import AccessKeyAuth, CredentialFailed
from backups.secrecy.secret import Secret
from tests.cloud.conftest import ACCESS_KEY, INSTANCE_ID, SECRET_KEY
from tests.cloud.raw_server import always, reply
from tests.contract.vendor import vendor_signature

OWN_HEADERS_OF_THE_WIRE = {"Accept-Encoding", "Content-Length", "User-Agent", "Authorization"}
THOROUGH = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{3,63}", fullmatch=True)
DESCRIPTIONS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=">!<\"&'="),
    max_size=256,
)
# Hypothesis takes its bounds without a zone and adds one of `timezones`.
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def is_accepted(received, secret_key=SECRET_KEY):
    """Whether the vendor's signer makes the same signature for what came over the wire."""
    target = urlsplit(received.target)
    headers = {name: value for name, value in received.headers.items() if name not in OWN_HEADERS_OF_THE_WIRE}
    expected = vendor_signature(
        received.method,
        received.headers["Host"],
        unquote(target.path),
        parse_qsl(target.query, keep_blank_values=True),
        headers,
        received.body,
        access_key=ACCESS_KEY,
        secret_key=secret_key,
    )
    return received.headers["Authorization"] == expected


@pytest.fixture
def signed_client(serve, client_of):
    """A client, and the list of what its server received."""

    def play(sock, received):
        is_list = received.method == "GET"
        body = {"backups": [], "total_count": 0} if is_list else {"backup": {"id": "b-1"}}
        sock.sendall(reply(200, body))

    server = serve(play)
    return client_of(server), server.requests


@THOROUGH
@given(name=NAMES, description=DESCRIPTIONS)
def test_create_calls_verify_with_every_legal_name_and_description(signed_client, name, description):
    client, requests = signed_client
    client.create_backup(instance_id=INSTANCE_ID, name=name, description=description)
    assert is_accepted(requests[-1])
    assert requests[-1].json().get("description", "") == description


@THOROUGH
@given(
    instance_id=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    begin=MOMENTS,
    backup_type=st.sampled_from(["auto", "manual"]),
)
def test_list_calls_verify_with_every_query(signed_client, instance_id, begin, backup_type):
    client, requests = signed_client
    client.list_backups(
        instance_id=instance_id,
        backup_type=backup_type,
        begin_time=begin,
        end_time=begin + timedelta(days=1),
    )
    assert is_accepted(requests[-1])
    assert requests[-1].query["instance_id"] == instance_id


@pytest.mark.parametrize("secret", [SECRET_KEY[:-1], SECRET_KEY.upper(), "x"])
def test_another_secret_key_does_not_verify(signed_client, secret):
    client, requests = signed_client
    client.list_backups()
    assert not is_accepted(requests[-1], secret_key=secret)


def test_a_security_token_goes_along_under_the_signature(serve, client_of):
    server = serve(always(200, {"instances": [], "total_count": 0}))
    auth = AccessKeyAuth(Secret(ACCESS_KEY), Secret(SECRET_KEY), Secret("TEMPORARY"))
    client_of(server, auth=auth).list_instances()
    assert server.requests[0].headers["X-Security-Token"] == "TEMPORARY"
    assert is_accepted(server.requests[0])


def test_the_date_is_that_of_the_clients_clock(serve, client_of):
    server = serve(always(200, {"instances": [], "total_count": 0}))
    client_of(server, now=lambda: datetime(2026, 11, 23, 14, 10, 5, tzinfo=UTC)).list_instances()
    assert server.requests[0].headers["X-Sdk-Date"] == "20261123T141005Z"


@pytest.mark.parametrize("key", ["", "AK with space", "AK\r\nX-Evil: 1", "AKé", "AK\x00"])
def test_a_key_that_fits_no_header_is_refused_without_a_call(serve, client_of, key):
    server = serve(always(200))
    with pytest.raises(CredentialFailed) as failed:
        client_of(server, auth=AccessKeyAuth(Secret(key), Secret(SECRET_KEY))).list_instances()
    assert failed.value.field == "access_key"
    assert server.connections == 0


def test_a_refused_key_is_not_tried_again(serve, create_on):
    server = serve(always(401, {"error_code": "APIGW.0301", "error_msg": "Get secretKey failed"}))
    with pytest.raises(CredentialFailed):
        create_on(server)
    assert len(server.requests) == 1
