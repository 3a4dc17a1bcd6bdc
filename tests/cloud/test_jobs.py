"""What the cloud tells of a job, read as it may be written."""

import pytest

from backups.cloud.listing import PAGE_LIMIT, PAGES_MAX, Page, Tally
from backups.cloud.readers import UnreadableError, read_job
from backups.cloud.records import JobRecord


@pytest.mark.parametrize(
    ("told", "percent"),
    [
        ("60%", 60),
        (" 7 % ", 7),
        ("60.5%", 60),
        (100, 100),
        ("", None),
        ("101%", None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_share_is_read_where_it_is_one(told, percent):
    assert read_job({"id": "j", "status": "Running", "process": told}) == JobRecord(
        id="j", status="Running", percent=percent
    )


def test_a_job_without_an_id_is_none():
    with pytest.raises(UnreadableError):
        read_job({"status": "Running"})


def page(*ids: str, total: int | None = None, count: int | None = None) -> Page:
    return Page({each: {} for each in ids}, len(ids) if count is None else count, total)


def added(*pages: Page) -> Tally:
    tally = Tally()
    for each in pages:
        assert not tally.is_over
        tally.add(each)
    return tally


def test_a_list_is_whole_where_it_stood_still_and_showed_as_many_as_it_said():
    assert added(page("a", total=2), page("b", total=2)).is_whole
    assert added(page(total=0)).is_whole
    assert not added(page("a", total=2)).is_whole


def test_a_list_that_moved_or_ended_early_is_not_whole():
    assert not added(page("a", total=2), page("b", total=3), page("c", total=3)).is_whole
    assert not added(page("a", total=2), page("a", total=2)).is_whole
    assert not added(page("a", total=3), page(total=3)).is_whole


def test_without_a_total_a_list_ends_with_a_page_that_brings_nothing_new():
    assert added(page("a"), page()).is_whole
    full = page("a", count=PAGE_LIMIT)
    assert not added(full, full).is_whole


def test_a_list_without_an_end_is_given_up():
    tally = Tally(offset=PAGES_MAX * PAGE_LIMIT)
    tally.add(page("a"))
    assert (tally.is_over, tally.is_whole) == (True, False)
