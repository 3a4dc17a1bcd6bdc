"""Retry-After in all its forms is obeyed and capped (faults.md, row 16)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from backups.cloud import CloudLater
from tests.cloud.raw_server import always

NOW = datetime(2026, 11, 23, 14, 10, 5, tzinfo=UTC)


def http_date(seconds):
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


def refused_with(create_on, server):
    with pytest.raises(CloudLater) as later:
        create_on(server, now=lambda: NOW)
    return later.value


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("+7", 7),
        (" 7 ", 7),
        ("7.9", 7),
        ("900", 900),
        ("901", 900),
        ("86400", 900),
        ("9" * 5000, 900),
        ("-5", 0),
        ("-" + "9" * 50, 0),
        (http_date(90), 90),
        (http_date(0), 0),
        (http_date(-3600), 0),
        (http_date(86400), 900),
        ("Mon, 23 Nov 2026 14:11:05 GMT", 60),
        ("Mon, 23-Nov-26 14:11:05 GMT", 60),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("0x10", None),
        ("٧", None),
        ("Mon, 99 Nov 2026 99:99:99 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1400", None),
    ],
)
def test_each_form_is_understood_or_passed_over(serve, create_on, value, seconds):
    headers = {"Retry_After": value.encode("utf-8").decode("latin-1"), "Date": http_date(0)}
    assert refused_with(create_on, serve(always(429, b"", **headers))).retry_after == seconds


def test_without_the_header_the_cloud_says_nothing(serve, create_on):
    assert refused_with(create_on, serve(always(429))).retry_after is None


def test_a_date_is_measured_by_the_clouds_own_clock(serve, create_on):
    headers = {"Date": http_date(-600), "Retry_After": http_date(-590)}
    assert refused_with(create_on, serve(always(429, **headers))).retry_after == 10


def test_a_busy_instance_may_name_a_time_too(serve, create_on):
    body = {"error_code": "DBS.200019", "error_msg": "Another operation runs."}
    later = refused_with(create_on, serve(always(409, body, Retry_After="30")))
    assert later.retry_after == 30
    assert later.may_be_our_own_call
