"""What a reader finds by a part of a name, or by an id of the cloud."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Backup
from backups.queries import palette
from tests.backups.queries.test_history import past
from tests.fixtures.fleet import make_instance


def names(hits) -> list[str]:
    return [hit.name for hit in hits]


def hits(found: palette.Found) -> list[str]:
    return names([*found.instances, *found.backups, *found.projects])


def test_an_instance_is_found_by_a_part_of_its_name_and_by_its_id(orders, ledger, dba):
    assert names(palette.find(dba, "RDER").instances) == ["orders"]
    assert names(palette.find(dba, orders.cloud_id).instances) == ["orders"]
    assert names(palette.find(dba, orders.cloud_id[:8]).instances) == ["orders"]
    assert not palette.find(dba, "nothing").instances


def test_what_begins_with_it_comes_before_what_has_it_and_what_is_gone_comes_last(project, dba, now):
    for name, gone_at in (("old-orders", None), ("orders-2", None), ("orders-1", now)):
        make_instance(project, name, gone_at=gone_at)
    assert names(palette.find(dba, "orders").instances) == ["orders-2", "old-orders", "orders-1"]


def test_a_backup_is_found_by_the_beginning_of_its_name_however_old(orders, dba, monkeypatch):
    monkeypatch.setattr(palette, "RECENT", 2)
    for number in range(1, 6):
        past(orders, number)
    assert names(palette.find(dba, "AUTO-0005").backups) == ["auto-0005"]


def test_a_backup_is_found_by_the_middle_of_its_name_among_the_newest(orders, dba, monkeypatch):
    monkeypatch.setattr(palette, "RECENT", 2)
    for number in range(1, 6):
        past(orders, number)
    newest = names(palette.find(dba, "").backups)
    assert names(palette.find(dba, "0001").backups) == ["auto-0001"]
    assert newest == [f"auto-000{number}" for number in range(1, 6)]
    assert not palette.find(dba, "0005").backups


def test_a_backup_is_found_by_its_id_in_the_cloud(orders, dba):
    backup = past(orders, 1)
    Backup.objects.update(cloud_id="2f4ddb93b9014b0893d81d2e472f30fe")
    assert [hit.id for hit in palette.find(dba, "2F4DDB93B9014B0893D81D2E472F30FE").backups] == [backup.pk]
    assert not palette.find(dba, "2f4dd").backups


def test_the_very_name_comes_first(orders, dba, ask):
    at = timezone.now()
    for days, name in enumerate(("nightly", "nightly-2", "my-nightly")):
        ask(orders, name, at=at + timedelta(days=days))
    assert names(palette.find(dba, "nightly").backups) == ["nightly", "nightly-2", "my-nightly"]


@pytest.mark.parametrize("typed", ["100%", "under_score", "\\", "'", "Überraschung", "\U0010ffff", "a\0b"])
def test_signs_that_mean_something_elsewhere_mean_themselves(orders, dba, typed):
    past(orders, 1)
    assert not hits(palette.find(dba, typed))


def test_nothing_of_another_team_is_found(orders, foreign, dba, stranger):
    past(foreign, 1)
    Backup.objects.update(cloud_id="2f4ddb93b9014b0893d81d2e472f30fe")
    for typed in ("", "auto-0001", "0001", "catalog", "storefront", foreign.cloud_id, "2f4ddb93b9014b0893"):
        assert not hits(palette.find(dba, typed)), typed
    assert names(palette.find(stranger, "catalog").instances) == ["catalog"]
    assert names(palette.find(stranger, "storefront").projects) == ["storefront-south"]


def test_it_costs_the_same_queries_whatever_is_found(orders, dba, foreign, django_assert_max_num_queries):
    for number in range(1, 20):
        past(orders, number)
    for typed in ("auto", "no-such-thing", "2f4ddb93b9014b08"):
        with django_assert_max_num_queries(4):
            palette.find(dba, typed)
    with django_assert_max_num_queries(2):
        palette.find(dba, "")
