"""What a sync writes of the list of instances: what differs, and what has gone."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backups.models import Event, Instance, Project
from backups.operations import inventory, pace

NOW = timezone.now()


def sync(project: Project, at: datetime = NOW) -> None:
    Project.objects.filter(pk=project.pk).update(next_sync_at=at)
    inventory.sync(project.pk, at=at)


def told(project: Project) -> list[tuple[str, dict]]:
    events = Event.objects.filter(project=project, verb__startswith="instance").order_by("id")
    return list(events.values_list("verb", "data"))


@pytest.fixture
def orders(simulated) -> Instance:
    return simulated.instances.order_by("name")[0]


def test_a_new_instance_is_there_after_the_next_sync(simulated, simulator):
    simulated.instances.all().delete()
    sync(simulated)
    listed = {row["id"] for row in simulator.instances(simulated.project_id)}
    assert set(simulated.instances.values_list("cloud_id", flat=True)) == listed
    assert told(simulated) == []


def test_only_what_differs_is_written(simulated, simulator, orders):
    simulator.set_instance_status(orders.cloud_id, "rebooting")
    sync(simulated, NOW + timedelta(hours=1))
    written = simulated.instances.filter(seen_at=NOW + timedelta(hours=1))
    assert [(row.name, row.status) for row in written] == [(orders.name, "rebooting")]


def test_another_name_in_the_cloud_is_taken_over_and_told(simulated, orders):
    Instance.objects.filter(pk=orders.pk).update(name="as-it-was")
    sync(simulated)
    orders.refresh_from_db()
    assert orders.name != "as-it-was"
    assert told(simulated) == [
        (
            "instance_renamed",
            {"instance": "as-it-was", "id": orders.cloud_id, "name": ["as-it-was", orders.name]},
        )
    ]


def test_an_instance_has_gone_once_lists_over_the_whole_horizon_do_not_show_it(simulated, simulator, orders):
    simulator.control(f"instances/{orders.cloud_id}", {"is_deleted": True})
    for at in (NOW, NOW + timedelta(minutes=1)):
        sync(simulated, at)
        orders.refresh_from_db()
        assert (orders.missing_since, orders.gone_at) == (NOW, None)
    sync(simulated, NOW + pace.look_horizon())
    orders.refresh_from_db()
    assert orders.gone_at == NOW
    assert [verb for verb, _ in told(simulated)] == ["instance_gone"]
    simulator.control(f"instances/{orders.cloud_id}", {"status": "normal"})
    sync(simulated, NOW + timedelta(hours=1))
    orders.refresh_from_db()
    assert (orders.gone_at, orders.missing_since, orders.looks) == (None, None, 0)
    assert [verb for verb, _ in told(simulated)] == ["instance_gone", "instance_back"]


def test_an_empty_list_by_mistake_takes_no_instance_away(simulated, simulator):
    body = '{"instances": [], "total_count": 0}'
    simulator.fault(operation="list_instances", at="reply", action="body", body=body)
    sync(simulated)
    assert simulated.instances.filter(missing_since=NOW).count() == simulated.instances.count()
    sync(simulated, NOW + pace.look_horizon())
    assert not simulated.instances.exclude(missing_since=None, gone_at=None).exists()


def test_an_instance_whose_id_is_none_of_the_contract_is_left_out(simulated, simulator):
    body = '{"instances": [{"id": "%s"}], "total_count": 1}' % ("x" * 37)
    simulator.fault(operation="list_instances", at="reply", action="body", body=body)
    before = simulated.instances.count()
    sync(simulated)
    assert simulated.instances.count() == before


def test_the_first_list_of_instances_lets_the_backups_be_read(simulated, hints):
    Project.objects.update(synced_at=None)
    assert hints(sync, simulated) == [("catalog", str(simulated.pk), None)]
    simulated.refresh_from_db()
    assert simulated.next_catalog_at == NOW


def test_very_many_instances_are_read_less_often(simulated, settings):
    settings.CLOUD_CALLS_PER_SECOND = 0.01
    sync(simulated)
    simulated.refresh_from_db()
    assert simulated.next_sync_at == NOW + timedelta(seconds=2000)
