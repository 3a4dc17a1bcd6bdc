"""The cloud's refusals reach a person: code, words, request id, likely field, remedy."""

import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from backups.cloud import (
    CloudAmbiguous,
    CloudError,
    CloudLater,
    CloudRefused,
    CredentialFailed,
)
from backups.contract.errors import Kind
from tests.cloud.raw_server import always


def refused(create_on, server, kind):
    with pytest.raises(CloudError) as raised:
        create_on(server)
    assert type(raised.value) is kind
    return raised.value


@pytest.mark.parametrize(
    ("status", "code", "kind", "field"),
    [
        (400, "DBS.200001", CloudRefused, "name"),
        (404, "DBS.200002", CloudRefused, "instance_id"),
        (403, "DBS.200010", CloudRefused, "instance_id"),
        (409, "DBS.200019", CloudLater, "instance_id"),
        (403, "DBS.200018", CloudLater, "instance_id"),
        (409, "DBS.201209", CloudRefused, "name"),
        (400, "DBS.201210", CloudRefused, "name"),
        (400, "DBS.280127", CloudRefused, "description"),
        (500, "DBS.108000", CloudAmbiguous, ""),
        (404, "APIGW.0101", CloudRefused, "endpoint"),
        (403, "APIGW.0302", CredentialFailed, "rights"),
        (429, "APIGW.0308", CloudLater, ""),
        (503, "APIGW.0601", CloudAmbiguous, ""),
    ],
)
def test_a_refusal_carries_all_that_a_person_needs(serve, create_on, status, code, kind, field):
    body = {"error_code": code, "error_msg": "The cloud's words."}
    error = refused(create_on, serve(always(status, body, X_Request_Id="r-5")), kind)
    assert (error.http_status, error.error_code) == (status, code)
    assert (error.error_msg, error.request_id) == ("The cloud's words.", "r-5")
    assert error.field == field
    assert error.at_step == "create_backup"
    assert error.meaning
    assert error.remedy
    assert error.exchange.http_status == status
    assert "r-5" in str(error)


def test_a_locked_key_is_told_apart(serve, create_on):
    body = {"error_code": "APIG.0301", "error_msg": "AK access failed to reach the limit, forbidden"}
    error = refused(create_on, serve(always(401, body)), CredentialFailed)
    assert error.is_locked
    assert not error.is_rights_problem


def test_missing_rights_are_told_apart(serve, create_on):
    error = refused(create_on, serve(always(403, {"error_code": "APIGW.0303"})), CredentialFailed)
    assert error.is_rights_problem
    assert not error.is_locked


def test_the_skew_of_the_clocks_is_measured(serve, create_on):
    behind = datetime.now(UTC) - timedelta(minutes=20)
    headers = {"Date": format_datetime(behind, usegmt=True)}
    body = {"error_code": "APIGW.0301", "error_msg": "verify aksk signature fail"}
    error = refused(create_on, serve(always(401, body, **headers)), CredentialFailed)
    assert 1195 < error.skew_seconds < 1205


def test_a_proxys_page_is_told_by_its_title(serve, create_on):
    page = b"<html><head><title>413 Request Entity Too Large</title></head></html>"
    error = refused(create_on, serve(always(413, page)), CloudRefused)
    assert error.error_msg == "413 Request Entity Too Large"


def test_the_request_id_is_taken_from_the_body_where_no_header_has_it(serve, create_on):
    body = {"message": "no such API", "request_id": "from-body"}
    assert refused(create_on, serve(always(404, body)), CloudRefused).request_id == "from-body"


def test_an_error_survives_pickling(serve, create_on):
    error = refused(create_on, serve(always(400, {"error_code": "DBS.200001"})), CloudRefused)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert (str(copy), copy.kind, copy.exchange) == (str(error), Kind.REFUSED, error.exchange)
