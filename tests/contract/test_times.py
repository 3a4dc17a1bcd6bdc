import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.times import format_time, parse_time

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# Hypothesis takes its bounds without a zone and adds one of `timezones`.
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=ZONES,
).map(lambda moment: moment.replace(microsecond=0))


def test_the_contracts_example_is_read_and_written():
    moment = parse_time("2020-07-07T01:17:05+0800")
    assert moment == datetime(2020, 7, 6, 17, 17, 5, tzinfo=UTC)
    assert moment.tzinfo is UTC
    assert format_time(moment.astimezone(timezone(timedelta(hours=8)))) == ("2020-07-07T01:17:05+0800")


@pytest.mark.parametrize(
    "text",
    [
        "2020-07-07T01:17:05+0800",
        "2020-07-07T01:17:05+08:00",
        "2020-07-06T17:17:05Z",
        "2020-07-06T17:17:05+0000",
        "2020-07-06T17:17:05.000000Z",
        "2020-07-06T12:17:05-0500",
    ],
)
def test_every_form_of_the_offset_names_the_same_moment(text):
    assert parse_time(text) == datetime(2020, 7, 6, 17, 17, 5, tzinfo=UTC)


@given(MOMENTS)
def test_what_is_written_reads_back_as_the_same_moment(moment):
    assert parse_time(format_time(moment)) == moment


@given(MOMENTS)
def test_python_reads_the_same_moment(moment):
    assert datetime.strptime(format_time(moment), "%Y-%m-%dT%H:%M:%S%z") == moment


@given(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2}|)", fullmatch=True),
    )
)
def test_anything_else_is_a_value_error_and_never_another(text):
    with contextlib.suppress(ValueError):
        assert parse_time(text).utcoffset() == timedelta()


@pytest.mark.parametrize("text", ["2020-07-07", "2020-07-07T01:17:05", "0001-01-01T00:00:00+1400"])
def test_a_time_without_offset_or_outside_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match="a time"):
        parse_time(text)


def test_a_time_without_an_offset_is_not_written():
    with pytest.raises(ValueError, match="offset"):
        format_time(datetime(2020, 7, 7))  # noqa: DTZ001  the very thing refused
