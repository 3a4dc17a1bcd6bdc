"""The list as the cloud gives it: its fields, its pages, its filters."""

import pytest

from backups.models import Backup, Source
from tests.backups.queries.test_history import past
from tests.gateway.test_creating import code_of


@pytest.fixture
def backups(orders, ledger) -> list[Backup]:
    made = [past(orders, day, name=f"backup-{day:02}", source=Source.ELSEWHERE) for day in range(1, 6)]
    made.append(past(ledger, 7, name="nightly", source=Source.AUTOMATIC))
    for index, backup in enumerate(made):
        Backup.objects.filter(pk=backup.pk).update(cloud_id=f"{index:032x}br07", size_mb=10.5)
    return made


def names(reply) -> list[str]:
    assert reply.status_code == 200, reply.content
    return [item["name"] for item in reply.json()["backups"]]


def test_an_item_has_the_fields_of_the_contract_and_no_other(sign_as, dba, backups):
    [item, *_others] = sign_as(dba).list().json()["backups"]
    assert set(item) <= {
        "id", "name", "begin_time", "end_time", "status", "take_up_time", "type", "size", "datastore",
        "instance_id", "instance_name", "backup_level", "description", "backup_mode",
    }  # fmt: skip
    assert (item["type"], item["status"], item["size"]) == ("manual", "COMPLETED", 10.5)
    assert item["datastore"] == {"type": "gaussdb-mysql", "version": "8.0"}
    assert item["begin_time"].endswith("+0000")


@pytest.mark.parametrize("api", ["mysql/v3", "v3"])
def test_pages_put_together_are_the_whole(sign_as, dba, backups, api):
    signer = sign_as(dba, api=api)
    found = [name for offset in ("0", "4") for name in names(signer.list(offset=offset, limit="4"))]
    assert sorted(found) == sorted(backup.name for backup in backups)
    assert signer.list(limit="1").json()["total_count"] == 6


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01"}, 5),
        ({"backup_id": "0" * 32 + "br07"}, 1),
        ({"backup_type": "auto"}, 1),
        ({"backup_type": "manual"}, 5),
        ({"begin_time": "2026-11-20T00:00:00+0800", "end_time": "2026-11-22T00:00:00+0800"}, 2),
        ({"unknown": "is passed over"}, 6),
    ],
)
def test_each_filter_of_the_contract(sign_as, dba, backups, query, count):
    assert len(names(sign_as(dba).list(**query))) == count


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "DBS.200001"),
        ({"limit": "101"}, "DBS.200001"),
        ({"offset": "-1"}, "DBS.200001"),
        ({"offset": "x"}, "DBS.200001"),
        ({"offset": "0" * 12 + "9" * 30}, "DBS.200001"),
        ({"offset": "0" * 12 + "9" * 5000}, "DBS.200001"),
        ({"limit": "000000000001999"}, "DBS.200001"),
        ({"backup_type": "other"}, "DBS.200001"),
        ({"instance_id": "short"}, "DBS.200001"),
        ({"backup_id": "no id!"}, "DBS.280124"),
        ({"begin_time": "yesterday"}, "DBS.200001"),
        ({"begin_time": "2026-11-20T00:00:00+0000", "end_time": "2026-11-20T00:00:00+0000"}, "DBS.200001"),
    ],
)
def test_what_the_cloud_would_not_read(sign_as, dba, query, code):
    assert code_of(sign_as(dba).list(**query)) == (400, code)


def test_what_is_not_in_the_cloud_is_not_listed(sign_as, dba, ask, orders):
    ask(orders, "queued-only")
    assert sign_as(dba).list().json() == {"backups": [], "total_count": 0}
