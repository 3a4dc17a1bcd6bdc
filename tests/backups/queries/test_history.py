"""The history as pages read it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backups.models import Backup, Source, Status
from backups.queries import history, timeline, usual, waiting
from backups.queries.history import HistoryFilters
from tests.fixtures.cast import NOW


def past(instance, number: int, **values) -> Backup:
    begun = NOW - timedelta(days=number)
    defaults = {
        "team_id": instance.team_id,
        "instance": instance,
        "name": f"auto-{number:04d}",
        "source": Source.AUTOMATIC,
        "status": Status.COMPLETED,
        "requested_at": begun,
        "begin_time": begun,
        "end_time": begun + timedelta(minutes=number),
        "size_mb": 1000.0 * number,
        "cloud_id": str(uuid4()),
    }
    return Backup.objects.create(**defaults | values)


def names(reader, **filters) -> list[str]:
    return [row.name for row in history.page(reader, filters=HistoryFilters(**filters)).rows]


def test_pages_follow_each_other_without_gap_or_repeat(orders, dba):
    for number in range(1, 121):
        past(orders, number // 2)
    seen, before = [], None
    while True:
        page = history.page(dba, filters=HistoryFilters(), before=before)
        seen += [row.id for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 120
    assert seen == list(Backup.objects.order_by("-begin_time", "-id").values_list("pk", flat=True))


def test_a_page_costs_the_same_queries_however_long_it_is(orders, ask, dba, django_assert_num_queries):
    past(orders, 1)
    for number in range(2, 60):
        past(orders, number)
    ask(orders, "before-release")
    with django_assert_num_queries(1):
        history.page(dba, filters=HistoryFilters())


def test_filters_narrow_the_page(orders, ledger, foreign, dba):
    past(orders, 1, name="nightly-a", description="before release")
    past(ledger, 2, status=Status.FAILED)
    past(foreign, 3)
    found = {
        "status": names(dba, statuses=("FAILED",)),
        "team": names(dba, team="storefront"),
        "instance": names(dba, instances=(orders.pk,)),
        "q": names(dba, q="RELEASE"),
        "all": names(dba),
    }
    assert found == {
        "status": ["auto-0002"],
        "team": [],
        "instance": ["nightly-a"],
        "q": ["nightly-a"],
        "all": ["nightly-a", "auto-0002"],
    }


@pytest.mark.parametrize(
    "cursor", ["x", "2026-11-23_x", "2026-11-23T10:00:00_01a208e8-1951-7baa-b1c7-184fc160dd39", "_"]
)
def test_a_cursor_that_is_not_ours_is_refused(dba, cursor):
    with pytest.raises(history.CursorError):
        history.page(dba, filters=HistoryFilters(), before=cursor)


def test_rows_that_came_in_after_the_page_are_counted_however_old_they_are(orders, ledger, ask, dba):
    past(orders, 3)
    page = history.page(dba, filters=HistoryFilters())
    ask(orders, "before-release")
    past(ledger, 300)
    Backup.objects.filter(name="auto-0003").update(size_mb=1.0)
    counted = [
        history.newer_than(dba, filters=HistoryFilters(**filters), after=page.newest)
        for filters in ({}, {"statuses": ("QUEUED",)}, {"instances": (ledger.pk,)}, {"q": "release"})
    ]
    assert counted == [2, 1, 1, 1]


def test_what_is_usual_is_the_median_of_the_instances_own_good_past(orders, ledger):
    for number in (2, 4, 90):
        past(orders, number)
    past(orders, 50, status=Status.FAILED)
    known = usual.of(orders)
    assert (known.count, known.seconds, known.size_mb) == (3, 240.0, 4000.0)
    assert usual.of(ledger) == usual.Usual()


def test_a_building_row_tells_its_progress_by_the_usual_and_never_promises_the_end(orders, dba):
    past(orders, 10)
    row_values = {"status": Status.BUILDING, "end_time": None, "next_action_at": NOW}
    past(orders, 0, **row_values)
    row = history.page(dba, filters=HistoryFilters(statuses=("BUILDING",))).rows[0]
    assert row.usual_seconds == 600
    assert (row.progress_percent or 0) <= 95
    assert row.is_moving


def test_the_second_in_line_knows_for_whom_it_waits(orders, ask, dba):
    first = ask(orders, "first-one")
    second = ask(orders, "second-one", at=NOW + timedelta(seconds=1))
    assert waiting.ahead_of(first) is None
    assert waiting.ahead_of(second) == first
    assert waiting.next_in_line(orders) == first


def test_the_timeline_tells_what_happened_and_who_did_it(orders, ask, dba):
    backup = ask(orders, "before-release")
    [entry] = timeline.of(backup)
    assert (entry.title, entry.actor, entry.at) == ("Asked for", "Dba", NOW)
