"""How many backups a window of the catalogue holds, and what follows from it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.cloud.listing import Page
from backups.models import Backup, Project
from backups.operations import catalog

NOW = timezone.now().replace(microsecond=0)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PAGE = 100

Listed = Callable[..., list[datetime]]


@pytest.fixture
def project(simulated, settings) -> Project:
    """A project of which a window of the past is due, and nothing else."""
    settings.CLOUD_CALLS_PER_SECOND = 1000.0
    past = {"sweep_due_at": NOW, "swept_at": NOW, "sweep_at": NOW - 1000 * DAY, "sweep_seconds": 100}
    Project.objects.update(**past, newest_due_at=NOW + 9 * DAY, next_catalog_at=NOW, catalog_until=NOW)
    return simulated


@pytest.fixture
def listed(project, monkeypatch) -> Listed:
    """Have the windows that are asked for hold so many, in turn; the ends of the pages asked for."""
    instance_id = project.instances.first().cloud_id

    def holding(*totals: int) -> list[datetime]:
        left, pages = list(totals), []

        def of_window(_client, *, begin_time, end_time, tally):
            total = left.pop(0)
            begun = max(begin_time, end_time - 6 * SECOND)
            while not tally.is_over:
                pages.append(end_time - catalog.EDGE)
                ids = [f"b{len(left)}-{n}" for n in range(tally.offset, min(tally.offset + PAGE, total))]
                tally.add(Page({each: {} for each in ids}, len(ids), total))
                yield [
                    cloud.BackupRecord(id=each, instance_id=instance_id, name=each, begin_time=begun)
                    for each in ids
                ]

        monkeypatch.setattr(cloud.CloudClient, "pages_of_backups", of_window)
        return pages

    return holding


def step(project, **columns) -> Project:
    Project.objects.update(**columns)
    assert catalog.sync(project.pk, at=NOW)
    return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize(
    ("held", "seconds"), [(0, 400), (1, 400), (200, 400), (300, 266), (400, 200), (1000, 80)]
)
def test_the_next_window_is_as_wide_as_would_hold_eight_hundred_up_to_four_times(
    project, listed, held, seconds
):
    listed(held)
    project = step(project)
    assert (project.sweep_at, project.sweep_seconds) == (NOW - 1000 * DAY - 100 * SECOND, seconds)
    assert project.sweep_seen == held == Backup.objects.count()


def test_after_a_second_that_holds_very_many_another_second_is_read(project, listed):
    listed(1100)
    assert step(project, sweep_seconds=1).sweep_seconds == 1


def test_a_thousand_are_read_in_one_step(project, listed):
    pages = listed(1000)
    assert step(project).sweep_seen == 1000
    assert pages == [NOW - 1000 * DAY] * 10


def test_a_window_of_more_is_given_up_after_a_page_and_half_of_it_read(project, listed):
    pages = listed(1001, 2)
    project = step(project)
    assert pages == [NOW - 1000 * DAY] * 2
    assert project.sweep_at == NOW - 1000 * DAY - 50 * SECOND
    assert project.backups_listed is None


def test_how_many_there_are_is_known_after_the_first_page_of_all(project, listed):
    listed(5000, 10)
    never = {"sweep_at": None, "sweep_seconds": None, "swept_at": None}
    assert step(project, **never).backups_listed == 5000


def test_a_list_of_a_part_does_not_tell_how_many_there_are(project, listed):
    listed(7)
    newest = {"newest_due_at": NOW, "catalog_until": NOW - DAY}
    assert step(project, sweep_at=None, backups_listed=3, **newest).backups_listed == 3
    listed(1200, 1)
    to_the_first = int((NOW - 1000 * DAY - catalog.FIRST).total_seconds())
    last = {"newest_due_at": NOW + DAY, "sweep_at": NOW - 1000 * DAY, "next_catalog_at": NOW}
    assert step(project, sweep_seconds=to_the_first, **last).backups_listed == 3


def test_a_round_that_is_over_tells_how_many_there_were_and_the_next_counts_anew(project, listed):
    listed(3)
    to_the_first = int((NOW - 1000 * DAY - catalog.FIRST).total_seconds())
    project = step(project, sweep_seconds=to_the_first, sweep_seen=7)
    assert (project.backups_listed, project.sweep_seen) == (10, 0)
    assert (project.sweep_at, project.sweep_seconds, project.swept_at) == (None, None, NOW)


def test_a_round_begins_a_day_ahead_on_a_whole_second(project, listed):
    pages = listed(0)
    Project.objects.update(sweep_at=None, sweep_seconds=None, sweep_due_at=NOW)
    catalog.sync(project.pk, at=NOW + timedelta(milliseconds=250))
    assert pages == [NOW + DAY]
