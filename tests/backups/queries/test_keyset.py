"""Pages of any order and any filter: every row once, in the order, and no other row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backups.models import Backup, Source, Status, User
from backups.queries import history, keyset, offers, words
from backups.queries.history import BackupRow, HistoryFilters
from backups.queries.sorting import SORTS, CursorError, Sort, read_cursor
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW

HOW_MANY = 40


@pytest.fixture
def many(orders, ledger, foreign, dba, storefront) -> list[Backup]:
    """Backups of two teams, many alike: equal times, sizes and durations, and many of them unknown."""
    dba.memberships.create(team=storefront, roles=["viewer"])
    statuses = (Status.COMPLETED, Status.FAILED, Status.AVAILABLE)
    made = []
    for number, instance in product(range(HOW_MANY // 2), (orders, ledger, foreign)):
        begun = NOW - timedelta(hours=number % 7)
        made.append(
            past(
                instance,
                number,
                status=statuses[number % 3],
                source=(Source.AUTOMATIC, Source.ELSEWHERE)[number % 2],
                requested_at=begun,
                begin_time=begun if number % 5 else None,
                end_time=begun + timedelta(minutes=number % 4) if number % 5 and number % 6 else None,
                size_mb=None if number % 3 == 0 else float(number % 4),
                description=("word", "wörter", "", "")[number % 4],
            )
        )
    return made


FILTERS = st.builds(
    HistoryFilters,
    statuses=st.sampled_from([(), ("FAILED",), ("COMPLETED", "FAILED")]),
    team=st.sampled_from(["", "payments", "storefront"]),
    source=st.sampled_from(["", "automatic", "here"]),
    environment=st.sampled_from(["", "production", "staging"]),
    since=st.sampled_from([None, NOW - timedelta(hours=4)]),
    before=st.sampled_from([None, NOW - timedelta(hours=1)]),
    q=st.sampled_from(["", "word", "wörter", "auto-000", "auto-0007", "wo"]),
)


def matches(backup: Backup, filters: HistoryFilters) -> bool:
    started = backup.begin_time or backup.requested_at
    beginnings = (backup.name, backup.description)
    return all(
        (
            not filters.statuses or backup.status in filters.statuses,
            not filters.team or backup.team.slug == filters.team,
            not filters.source or backup.source == filters.source,
            not filters.environment or backup.instance.environment == filters.environment,
            not filters.since or started >= filters.since,
            not filters.before or started < filters.before,
            not filters.q
            or any(
                filters.q in text if len(filters.q) > 2 else text.startswith(filters.q) for text in beginnings
            ),
        )
    )


def expected(backups: list[Backup], filters: HistoryFilters, sort: Sort) -> list[Backup]:
    """The same by hand: unknown keys last, equal ones by id."""

    def key(backup: Backup) -> datetime | timedelta | float | None:
        took = backup.end_time - backup.begin_time if backup.end_time and backup.begin_time else None
        started = backup.begin_time or backup.requested_at
        return {"started": started, "size": backup.size_mb, "took": took}[sort.name.removeprefix("-")]

    found = [backup for backup in backups if matches(backup, filters)]
    known = sorted(
        (b for b in found if key(b) is not None), key=lambda b: (key(b), b.id), reverse=sort.is_descending
    )
    unknown = sorted((b for b in found if key(b) is None), key=lambda b: b.id, reverse=sort.is_descending)
    return [*known, *unknown]


def pages(
    reader: User, filters: HistoryFilters, sort: Sort, teams: tuple[int, ...]
) -> Iterator[list[BackupRow]]:
    before = None
    while True:
        page = history.page(reader, filters=filters, sort=sort, before=before, teams=teams)
        yield page.rows
        before = page.next_before
        if before is None:
            return


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    filters=FILTERS,
    sort=st.sampled_from(list(SORTS.values())),
    size=st.integers(1, 9),
    window=st.integers(2, 9),
    sample=st.integers(1, 9),
    piece=st.integers(3, 8),
    are_teams_known=st.booleans(),
)
def test_pages_of_any_order_and_filter_give_exactly_the_matching_rows_once_each(
    many, dba, filters, sort, size, window, sample, piece, are_teams_known
):
    teams = offers.of(dba, at=NOW).teams(filters.team) if are_teams_known else ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "PAGE_SIZE", size)
        # So small that words are found both in the next rows and beyond them.
        patch.setattr(keyset, "WINDOW", window)
        patch.setattr(keyset, "WINDOW_OF_SEATS", window)
        patch.setattr(words, "SAMPLE", sample)
        patch.setattr(words, "PIECE", piece)
        found = list(pages(dba, filters, sort, teams))
    assert [row.id for page in found for row in page] == [row.pk for row in expected(many, filters, sort)]
    assert all(len(page) == size for page in found[:-1])


@pytest.mark.parametrize("sort", SORTS.values(), ids=SORTS)
@pytest.mark.parametrize(
    "text", ["", "_", "x_y", "2026-11-23T10:00:00_01a208e8-1951-7baa-b1c7-184fc160dd39", "9" * 5000]
)
def test_a_cursor_that_is_not_ours_is_refused(sort, text):
    with pytest.raises(CursorError):
        read_cursor(text, sort)


def test_a_cursor_of_one_order_is_none_of_another(many, dba):
    page = history.page(dba, filters=HistoryFilters(), sort=SORTS["-size"])
    assert page.next_before
    with pytest.raises(CursorError):
        history.page(dba, filters=HistoryFilters(), before=page.next_before)
