"""What keeps the backups of a project from being read, and what it says then."""

from datetime import timedelta

from django.utils import timezone

from backups import cloud
from backups.models import Backup, Project
from backups.operations import catalog, inventory
from tests.fixtures.catalog import assert_same_as_cloud

DAY = timedelta(days=1)


def test_a_list_that_ignores_the_times_is_said_and_not_read_for_ever(due, simulator, plant):
    record = (
        '{"id": "b1", "instance_id": "%s", "begin_time": "2001-01-01T00:00:00+0800", "status": "COMPLETED"}'
    )
    body = '{"backups": [%s], "total_count": 1}' % (record % due.instances.all()[0].cloud_id)
    simulator.fault(operation="list_backups", at="reply", action="body", body=body, times=0)
    now = timezone.now()
    catalog.sync_all(due.pk, at=now)
    due.refresh_from_db()
    assert "no clear answer" in due.catalog_error
    assert due.next_catalog_at > now
    assert Backup.objects.filter(cloud_id="b1").exists()


def test_a_list_that_fails_says_why_and_is_tried_again_soon_and_then_later(due, simulator):
    told = {"action": "status", "status": 400, "code": "DBS.200001", "message": "Odd parameter."}
    simulator.fault(operation="list_backups", times=0, **told)
    now = timezone.now()
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert due.catalog_error.startswith("DBS.200001 Odd parameter.")
    assert due.next_catalog_at == now + timedelta(seconds=5)
    catalog.sync(due.pk, at=due.next_catalog_at)
    tried = due.next_catalog_at
    due.refresh_from_db()
    assert due.next_catalog_at == tried + catalog.SYNC_EVERY
    simulator.clear_faults()
    catalog.sync_all(due.pk, at=due.next_catalog_at)
    due.refresh_from_db()
    assert due.catalog_error == ""


def test_our_own_pace_is_no_failure(due, monkeypatch):
    def hurried(*_args, **_options):
        raise cloud.NotOurTurn

    monkeypatch.setattr(cloud.CloudClient, "pages_of_backups", hurried)
    now = timezone.now()
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert (due.catalog_error, due.next_catalog_at) == ("", now + timedelta(seconds=5))


def test_an_instance_that_was_gone_before_safepoint_came_is_kept_with_its_backups(due, simulator, plant):
    gone = due.instances.filter(status="normal").order_by("volume_gb")[0]
    plant("the-last-one", instance=gone, age=DAY)
    due.instances.all().delete()
    simulator.control(f"instances/{gone.cloud_id}", {"is_deleted": True})
    now = timezone.now()
    Project.objects.update(next_sync_at=now)
    inventory.sync(due.pk, at=now)
    catalog.sync_all(due.pk, at=now)
    kept = due.instances.get(cloud_id=gone.cloud_id)
    assert (kept.name, kept.gone_at) == (gone.name, now)
    assert kept.backups.filter(name="the-last-one").exists()
    assert_same_as_cloud(due, simulator)


def test_an_instance_that_may_be_new_is_waited_for(due, simulator, plant):
    new = due.instances.filter(status="normal").order_by("volume_gb")[0]
    plant("its-first", instance=new, age=timedelta(minutes=1))
    new.delete()
    now = timezone.now()
    later = now + timedelta(minutes=5)
    Project.objects.update(next_sync_at=later)
    catalog.sync(due.pk, at=now)
    due.refresh_from_db()
    assert (due.next_sync_at, due.catalog_until) == (now, None)
    inventory.sync(due.pk, at=now)
    catalog.sync_all(due.pk, at=now + catalog.SYNC_EVERY)
    assert_same_as_cloud(due, simulator)
