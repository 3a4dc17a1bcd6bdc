"""The project's page says how far Safepoint knows what the cloud has, and what changed there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Instance, Project, Source, Status
from backups.operations import audit
from backups.queries import sync

NOW = timezone.now()


@pytest.fixture
def desk(client, dba) -> Client:
    """The DBA's browser."""
    client.force_login(dba)
    return client


def told(desk: Client, project: Project, **facts: object) -> str:
    Project.objects.filter(pk=project.pk).update(**facts)
    return desk.get(f"/projects/{project.pk}/").text


def found_backup(instance: Instance, **facts: object) -> Backup:
    fields = {"name": "by-hand", "status": Status.COMPLETED, "cloud_id": "b1"}
    return Backup.objects.create(
        team=instance.team,
        instance=instance,
        source=Source.ELSEWHERE,
        requested_at=NOW,
        **fields | facts,
    )


def test_before_anything_is_read_it_says_what_comes(desk, project):
    assert "Its backups are read once its instances are known." in told(desk, project)


def test_the_first_reading_tells_how_far_it_is(desk, project):
    back_to = NOW.replace(year=2026, month=3, day=1)
    page = told(desk, project, backups_listed=1_000_000, sweep_seen=250_000, sweep_at=back_to)
    assert "250,000 of 1,000,000" in page
    assert 'value="25"' in page
    assert "Everything since 2026-03-01 is here." in page


def test_an_empty_project_is_read_at_once_and_never_more_than_all_of_it(project):
    project.backups_listed = 0
    assert sync.first_reading(project) == sync.FirstReading(0, 0, None, None)
    project.backups_listed, project.sweep_seen = 10, 12
    reading = sync.first_reading(project)
    assert reading
    assert reading.percent == 99


def test_after_it_the_page_tells_how_many_there_are_and_what_changed(desk, project, orders):
    backup = found_backup(orders, cloud_name="renamed-there")
    data = {"name": ["by-hand", "renamed-there"]}
    audit.record("renamed", team_id=project.team_id, at=NOW, backup=backup, project=project, data=data)
    renamed = {"instance": "orders", "id": orders.cloud_id, "name": ["ledger", "orders"]}
    audit.record("instance_renamed", team_id=project.team_id, at=NOW, project=project, data=renamed)
    page = told(desk, project, swept_at=NOW, backups_listed=1234, backups_found=1200)
    assert "1,234" in page
    assert "1,200" in page
    assert "by-hand → renamed-there" in page
    assert "ledger → orders" in page
    assert f"/backups/{backup.pk}/" in page
    assert "for the first time" not in page


def test_where_nothing_changed_it_says_so(desk, project):
    assert "behind Safepoint’s back" in told(desk, project, swept_at=NOW)


def test_a_reading_that_failed_says_why_and_that_nothing_is_lost(desk, project):
    page = told(desk, project, catalog_error="DBS.200001 Odd parameter.")
    assert "DBS.200001 Odd parameter." in page
    assert "nothing counts as gone" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"cloud_name": "renamed-there"}, "In the cloud it is called"),
        ({"status": Status.VANISHED, "gone_at": NOW - timedelta(days=1)}, "Gone since"),
        ({"status": Status.FAILED, "gone_at": NOW}, "no longer shows it, since"),
        ({"status": Status.UNKNOWN, "raw_status": "DREAMING"}, "DREAMING"),
        (
            {"status": Status.BUILDING, "begin_time": NOW, "next_action_at": NOW, "progress_percent": 60},
            "The cloud’s job says 60 %.",
        ),
    ],
)
def test_a_backups_page_says_how_it_stands_in_the_cloud(desk, orders, facts, words):
    backup = found_backup(orders, **facts)
    assert words in desk.get(f"/backups/{backup.pk}/").text


def test_the_list_says_it_too(desk, orders):
    found_backup(orders, cloud_name="renamed-there", status=Status.FAILED, gone_at=NOW)
    page = desk.get("/backups/").text
    assert "in the cloud: renamed-there" in page
    assert "gone from the cloud" in page
