"""How a list of instances is written: what is new, what has gone or is back, and when it is read again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Event, Instance, Project
from backups.operations import inventory, pace, reach

NOW = timezone.now().replace(microsecond=0)
MOMENT, SECOND, MINUTE = timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1)
ID = "a" * 32 + "in07"


@pytest.fixture
def listing(simulated: Project, monkeypatch) -> Callable[..., Project]:
    """A sync at a moment whose list has these instances: `listing(record(), at=NOW)`."""

    def sync(*records: cloud.InstanceRecord, at: datetime = NOW) -> Project:
        Project.objects.update(next_sync_at=at)
        monkeypatch.setattr(cloud.CloudClient, "list_instances", lambda _client: list(records))
        inventory.sync(simulated.pk, at=at)
        return Project.objects.get(pk=simulated.pk)

    Instance.objects.all().delete()
    return sync


def record(**facts: Any) -> cloud.InstanceRecord:
    usual: dict[str, Any] = {"id": ID, "name": "orders", "status": "normal", "volume_gb": 40.0}
    return cloud.InstanceRecord(**usual | {"datastore_type": "engine", "datastore_version": "8.0"} | facts)


def told() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="instance_").order_by("id").values_list("verb", flat=True)
    )


@pytest.mark.parametrize("more", [0, 1])
def test_as_much_of_a_word_is_kept_as_there_is_room_for(listing, more):
    longer = {"status": "s", "datastore_type": "e", "datastore_version": "v"}
    listing(
        record(name="n" * (128 + more), **{name: letter * (64 + more) for name, letter in longer.items()})
    )
    row = Instance.objects.get()
    assert (row.name, row.status) == ("n" * 128, "s" * 64)
    assert (row.engine, row.engine_version) == ("e" * 64, "v" * 64)


def test_what_the_list_does_not_say_is_empty(listing):
    listing(record(name=None, status=None, datastore_type=None, datastore_version=None, volume_gb=None))
    row = Instance.objects.get()
    assert (row.name, row.status, row.engine, row.engine_version, row.volume_gb) == (ID, "", "", "", None)


@pytest.mark.parametrize(("length", "count"), [(36, 1), (37, 0)])
def test_an_id_that_is_longer_than_the_contract_allows_is_left_out(listing, length, count):
    listing(record(id="i" * length))
    assert Instance.objects.count() == count


def test_it_is_gone_with_the_second_list_at_the_horizon_and_no_sooner(listing):
    listing(record())
    horizon = NOW + pace.look_horizon()
    for number, at in enumerate([NOW, horizon - MOMENT], start=1):
        listing(at=at)
        row = Instance.objects.get()
        assert (row.looks, row.missing_since, row.gone_at) == (number, NOW, None)
    listing(at=horizon)
    assert Instance.objects.get().gone_at == NOW
    assert told() == ["instance_gone"]
    listing(at=horizon + MINUTE)
    assert Instance.objects.get().looks == 3


def test_one_list_is_too_few_however_late_it_comes(listing):
    listing(record())
    Instance.objects.update(missing_since=NOW)
    listing(at=NOW + 9 * pace.look_horizon())
    assert Instance.objects.get().gone_at is None
    listing(at=NOW + 9 * pace.look_horizon())
    assert Instance.objects.get().gone_at == NOW


def test_what_is_back_under_another_name_is_told_as_both(listing):
    listing(record())
    Instance.objects.update(gone_at=NOW, missing_since=NOW, looks=2, seen_at=NOW - MINUTE)
    listing(record(name="orders-2"))
    row = Instance.objects.get()
    assert (row.name, row.gone_at, row.missing_since, row.looks) == ("orders-2", None, None, 0)
    assert row.seen_at == NOW
    assert told() == ["instance_back", "instance_renamed"]
    data = Event.objects.get(verb="instance_renamed").data
    assert data == {"instance": "orders", "id": ID, "name": ["orders", "orders-2"]}


def test_what_is_as_it_was_is_not_written_again(listing):
    listing(record())
    Instance.objects.update(seen_at=NOW - MINUTE)
    listing(record())
    assert Instance.objects.get().seen_at == NOW - MINUTE


@pytest.mark.parametrize(
    ("rate", "count", "wait"),
    [(10.0, 1, 10 * MINUTE), (0.01, 99, 2000 * SECOND), (0.01, 100, 4000 * SECOND)],
)
def test_it_is_read_again_in_ten_minutes_or_as_rarely_as_its_pages_need(listing, settings, rate, count, wait):
    settings.CLOUD_CALLS_PER_SECOND = rate
    project = listing(*(record(id=f"{number:036d}") for number in range(count)))
    assert project.next_sync_at - NOW == wait
    assert (project.synced_at, project.sync_error) == (NOW, "")


def test_a_sync_that_is_killed_is_taken_again_after_two_minutes(listing, simulated, monkeypatch):
    def killed(*_args: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reach, "admit", killed)
    with pytest.raises(KeyboardInterrupt):
        listing(record())
    assert Project.objects.get(pk=simulated.pk).next_sync_at == NOW + 2 * MINUTE


def test_who_asked_for_a_sync_is_recorded(simulated, dba):
    inventory.request_sync(simulated, by=dba, at=NOW)
    event = Event.objects.get(verb="sync_requested")
    assert (event.project, event.actor, event.at) == (simulated, dba, NOW)
