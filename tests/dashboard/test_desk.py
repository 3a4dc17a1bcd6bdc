"""How statuses, moments, sizes and durations read."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from backups.models import Status
from dashboard.templatetags import desk

BEGUN = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)


def rendered(text: str, **values: object) -> str:
    return Template("{% load desk %}" + text).render(Context(values))


@pytest.mark.parametrize("value", Status)
def test_every_status_has_a_colour_a_shape_and_a_word(value):
    shown = rendered("{% status value %}", value=value)
    assert "data-tone=" in shown
    assert "<svg" in shown
    assert str(value.label) in shown


def test_two_statuses_never_look_the_same_but_for_their_word():
    looks: dict[tuple[str, str], set[Status]] = {}
    for status, look in desk.LOOKS.items():
        looks.setdefault(look, set()).add(Status(status))
    assert [found for found in looks.values() if len(found) > 1] == [{Status.COMPLETED, Status.AVAILABLE}]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.0421, "42 ms"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (303, "5 min 3 s"),
        (600, "10 min"),
        (5460, "1 h 31 min"),
        (timedelta(days=1), "24 h 0 min"),
    ],
)
def test_a_duration_is_told_in_hours_minutes_and_seconds(seconds, words):
    assert desk.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "10 s"), (44, "40 s"), (119, "2 min"), (365, "6 min"), (3599, "1 h 0 min"), (5460, "1 h 31 min")],
)
def test_an_estimate_is_not_finer_than_it_can_be(seconds, words):
    assert desk.roughly(seconds) == words


@pytest.mark.parametrize(
    ("megabytes", "words"),
    [(None, "–"), (0, "0 MB"), (1023, "1023 MB"), (1024, "1.0 GB"), (43008.5, "42.0 GB")],
)
def test_a_size_is_told_in_gigabytes(megabytes, words):
    assert desk.size(megabytes) == words


def test_a_moment_is_told_relatively_and_exactly_in_the_readers_zone():
    with timezone.override("Asia/Shanghai"), time_machine.travel(BEGUN + timedelta(hours=2), tick=False):
        shown = rendered("{% moment value %}", value=BEGUN)
    assert 'datetime="2026-11-23T22:10:00+08:00"' in shown
    assert 'title="2026-11-23 22:10:00 +0800"' in shown
    assert ">2\xa0hours ago<" in shown


@pytest.mark.parametrize(
    ("account", "cookie", "offset"),
    [
        ("Asia/Shanghai", "Europe/Berlin", "+0800"),
        ("", "Europe/Berlin", "+0100"),
        ("", "Nowhere/Land", "+0000"),
        ("", "../../etc/passwd", "+0000"),
    ],
)
def test_the_zone_is_the_accounts_then_the_browsers_then_utc(
    client, dba, orders, ask, account, cookie, offset
):
    dba.time_zone = account
    dba.save()
    backup = ask(orders, "before-release")
    client.force_login(dba)
    client.cookies["tz"] = cookie
    assert f"{offset}&quot;" in client.get(f"/backups/{backup.pk}/").text.replace('"', "&quot;")
