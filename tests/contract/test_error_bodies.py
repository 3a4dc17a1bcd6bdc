import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.errors import read_error
from backups.contract.json_text import NotJsonError, parse_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.just("error_code"), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "DBS.200001", "error_msg": "Parameter error."},
        {"errorCode": "DBS.200001", "errorMsg": "Parameter error."},
        {"code": "DBS.200001", "message": "Parameter error."},
        {"error": {"code": "DBS.200001", "message": "Parameter error."}},
        {"error": {"error_code": "DBS.200001", "error_msg": "Parameter error."}},
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_published_form_of_an_error_is_read(body, mark):
    assert read_error((mark + json.dumps(body)).encode())[:2] == ("DBS.200001", "Parameter error.")


def test_the_gateways_form_is_read_with_its_request_id():
    error = read_error(b'{"message": "no such API", "request_id": "abc123"}')
    assert error == ("", "no such API", "abc123")


def test_keystones_numeric_code_is_no_code_of_the_cloud():
    body = b'{"error": {"code": 401, "message": "Not authorized", "title": "Unauthorized"}}'
    assert read_error(body)[:2] == ("", "Not authorized")


def test_of_a_proxys_page_the_title_is_kept():
    page = b"<html><head><title>502 Bad\nGateway</title></head><body>nginx</body></html>"
    assert read_error(page) == ("", "502 Bad Gateway", "")


def test_a_message_is_one_line_of_bounded_length():
    message = read_error(json.dumps({"message": "a\r\nb\x1b[31m\u2028" + "c" * 900}).encode()).message
    assert message.startswith("a b [31m c")
    assert len(message) == 500


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(body):
    assert all(isinstance(text, str) for text in read_error(body))


@given(JSON)
def test_any_json_is_read_without_an_exception(value):
    assert all(isinstance(text, str) for text in read_error(json.dumps(value).encode()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b"[" * 200 + b"]" * 200,
        b"9" * 5000,
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"<html>",
        b'{"a": ',
    ],
)
def test_what_is_no_json_is_said_in_one_way(body):
    with pytest.raises(NotJsonError):
        parse_json(body)


@given(JSON)
def test_parsed_json_can_be_stored_by_a_database(value):
    stored = json.dumps(parse_json(json.dumps(value).encode()), ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in stored
    stored.encode("utf-8")
