"""How much of what the list says is kept, and which backups of it may be a call of our own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups import cloud
from backups.models import Backup, Project
from backups.operations import adopting, claims, searching
from backups.operations.adopting import Taken
from tests.backups.operations.conftest import namesakes

NOW = timezone.now().replace(microsecond=0)
BEGUN = NOW - timedelta(days=3)
MOMENT = timedelta(microseconds=1)


def take(instance, **facts) -> Taken:
    """What comes of a list with one backup, of `instance` unless told otherwise."""
    usual = {"id": "b1", "instance_id": instance.cloud_id, "name": "by-hand", "status": "COMPLETED"}
    record = cloud.BackupRecord(**usual | {"begin_time": BEGUN, "end_time": BEGUN, "size_mb": 7.0} | facts)
    return adopting.take(Project.objects.get(pk=instance.project_id), [record], at=NOW)


def test_what_is_here_already_is_not_new(smallest):
    assert take(smallest) == Taken(1, is_all=True)
    assert take(smallest) == Taken(0, is_all=True)


@pytest.mark.parametrize("length", [1, 36])
def test_an_id_of_the_contracts_length_is_taken(smallest, length):
    assert take(smallest, id="b" * length).new == 1
    assert take(smallest, id="b2", instance_id="i" * length).new == 1


@pytest.mark.parametrize("length", [0, 37])
def test_an_id_of_any_other_length_is_left_out(smallest, length):
    assert take(smallest, id="b" * length).new == 0
    assert take(smallest, id="b2", instance_id="i" * length).new == 0
    assert not Backup.objects.exists()


@pytest.mark.parametrize("more", [0, 1])
def test_as_much_of_a_text_is_kept_as_there_is_room_for(smallest, more):
    texts = {
        "description": "d" * (256 + more),
        "datastore_type": "e" * (64 + more),
        "name": "c" * (255 + more),
    }
    take(smallest, **texts, instance_id="i1", instance_name="n" * (128 + more), status="s" * (64 + more))
    row = Backup.objects.get()
    assert (row.description, row.instance.name) == ("d" * 256, "n" * 128)
    assert (row.raw_status, row.instance.engine) == ("s" * 64, "e" * 64)
    assert (row.name, row.cloud_name) == ("c" * 64, "c" * 255)


def test_an_instance_whose_backup_began_before_the_last_list_of_instances_has_gone(smallest):
    Project.objects.update(synced_at=NOW, next_sync_at=NOW + timedelta(hours=1))
    least = NOW - searching.CLOCKS_MAY_DIFFER
    assert take(smallest, instance_id="i1", begin_time=least + MOMENT) == Taken(0, is_all=False)
    assert take(smallest, instance_id="i1", begin_time=least) == Taken(1, is_all=True)


def test_one_of_another_name_is_not_our_call_of_unknown_fate_but_one_without_a_name_may_be(lost):
    assert take(lost.instance, id="b3", name="another-one", begin_time=timezone.now()).new == 1
    assert take(lost.instance, id="b4", name=None, begin_time=timezone.now()).new == 0
    assert take(lost.instance, id="b5", name=lost.name, begin_time=timezone.now()).new == 0
    assert namesakes(lost) == []


def test_during_a_call_of_ours_no_backup_of_the_instance_is_taken_for_anothers(smallest, ask):
    backup = ask(smallest, "before-release", at=timezone.now())
    assert take(smallest, id="b3", name="another-one", begin_time=timezone.now()).new == 1
    assert claims.claim(backup.pk, at=timezone.now())
    assert take(smallest, id="b4", name="yet-another-one", begin_time=timezone.now()).new == 0
