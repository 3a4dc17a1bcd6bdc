"""All backups of a project, as the cloud lists them: at first, and from then on."""

from datetime import timedelta

from django.utils import timezone

from backups.models import Event, Project, Source, Status
from backups.operations import catalog
from tests.fixtures.catalog import assert_same_as_cloud, found


def lists(simulator):
    return len(simulator.history("list_backups"))


def test_the_first_sync_brings_all_backups_of_the_project_in_one_list(simulated, simulator, sync):
    at = sync()
    simulated.refresh_from_db()
    assert_same_as_cloud(simulated, simulator)
    rows = found(simulated)
    assert {row.source for row in rows} == {Source.AUTOMATIC, Source.ELSEWHERE}
    assert (simulated.backups_found, simulated.backups_listed) == (len(rows), len(rows))
    assert (simulated.catalog_synced_at, simulated.catalog_until, simulated.swept_at) == (at, at, at)
    assert Event.objects.get(project=simulated, verb="history_read").data == {"count": len(rows)}
    # A page of the newest, then all of it.
    assert lists(simulator) == 1 + 1 + len(rows) // 100


def test_a_second_sync_writes_nothing(simulated, simulator, sync):
    sync()
    before = {row.pk: row.revision for row in found(simulated)}
    sync(at=timezone.now() + timedelta(hours=1))
    assert {row.pk: row.revision for row in found(simulated)} == before
    assert Event.objects.filter(verb="history_read").count() == 1


def test_between_two_syncs_only_the_newest_are_read(simulated, simulator, sync, plant):
    sync()
    calls = lists(simulator)
    plant("by-hand", description="before the move")
    simulated.refresh_from_db()
    assert simulated.next_catalog_at == simulated.newest_due_at
    catalog.sync_all(simulated.pk, at=simulated.newest_due_at)
    assert lists(simulator) == calls + 1
    [row] = [row for row in found(simulated) if row.name == "by-hand"]
    assert (row.source, row.status, row.description) == (
        Source.ELSEWHERE,
        Status.COMPLETED,
        "before the move",
    )
    assert_same_as_cloud(simulated, simulator)


def test_what_is_listed_late_is_found_all_the_same(simulated, simulator, sync, plant):
    plant("by-hand", age=timedelta(minutes=1))
    simulator.control("lag", {"seconds": 600})
    at = sync()
    assert "by-hand" not in {row.name for row in found(simulated)}
    simulator.control("lag", {"seconds": 0})
    catalog.sync_all(simulated.pk, at=at + catalog.SYNC_EVERY)
    assert "by-hand" in {row.name for row in found(simulated)}


def test_what_runs_in_the_cloud_is_followed_from_then_on(simulated, sync, plant):
    plant("by-hand", status="BUILDING")
    at = sync()
    [row] = [row for row in found(simulated) if row.name == "by-hand"]
    assert (row.status, row.next_action_at, row.end_time) == (Status.BUILDING, at, None)


def test_a_word_that_nobody_knows_is_kept_and_nothing_waits_for_it(simulated, simulator, sync, plant):
    cloud_id = plant("by-hand", status="DREAMING")
    sync()
    [row] = [row for row in found(simulated) if row.name == "by-hand"]
    assert (row.status, row.raw_status, row.next_action_at) == (Status.UNKNOWN, "DREAMING", None)
    simulator.set_backup_status(cloud_id, "COMPLETED")
    sync()
    row.refresh_from_db()
    assert (row.status, row.raw_status) == (Status.COMPLETED, "COMPLETED")
    assert row.events.get().verb == "status_told"


def test_a_project_waits_until_its_instances_are_read_and_until_its_time(simulated, simulator, sync):
    Project.objects.update(synced_at=None)
    at = sync()
    simulated.refresh_from_db()
    assert simulated.next_catalog_at == at + catalog.AFTER_INSTANCES
    assert not catalog.sync(simulated.pk, at=at)
    assert lists(simulator) == 0
