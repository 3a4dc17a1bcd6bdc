"""Lists: pages, filters, and what is not in them yet."""

import pytest

NO_SUCH_BACKUP = "00000000-0000-4000-8000-000000000000"


def ids(answer):
    return [each["id"] for each in answer.json()["backups"]]


def test_pages_follow_one_another(caller):
    whole = ids(caller.call("GET", "backups"))
    pages = [ids(caller.call("GET", f"backups?offset={offset}&limit=7")) for offset in (0, 7, 14)]
    assert [each for page in pages for each in page] == whole[:21]
    assert ids(caller.call("GET", "backups?offset=100000")) == []


def test_instances_come_in_pages_too(caller, instance_ids):
    first = caller.call("GET", "instances?limit=4").json()
    second = caller.call("GET", "instances?limit=4&offset=4").json()
    names = [each["name"] for each in first["instances"] + second["instances"]]
    assert names == list(instance_ids)
    assert first["total_count"] == second["total_count"] == len(instance_ids)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "DBS.200001"),
        ("limit=101", "DBS.200001"),
        ("limit=ten", "DBS.200001"),
        ("offset=-1", "DBS.200001"),
        ("offset=", "DBS.200001"),
        ("instance_id=orders", "DBS.200001"),
        ("backup_id=7", "DBS.280124"),
        ("backup_type=nightly", "DBS.200001"),
        ("begin_time=yesterday", "DBS.200001"),
        ("begin_time=2026-13-01T00%3A00%3A00%2B0800", "DBS.200001"),
        ("begin_time=2026-02-02T00%3A00%3A00Z&end_time=2026-02-02T00%3A00%3A00Z", "DBS.200001"),
    ],
)
def test_a_broken_question_is_refused(caller, query, code):
    answer = caller.call("GET", f"backups?{query}")
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize("kind", ["auto", "manual"])
def test_a_list_is_narrowed_to_a_type_and_an_instance(caller, simulator, orders, kind):
    simulator.control("backups", {"instance_id": orders, "name": "before-migration"})
    found = caller.call("GET", f"backups?instance_id={orders}&backup_type={kind}").json()["backups"]
    assert found
    assert {(each["instance_id"], each["type"]) for each in found} == {(orders, kind)}


def test_a_list_is_narrowed_to_a_period(caller):
    moments = sorted(each["begin_time"] for each in caller.call("GET", "backups").json()["backups"])
    begin, end = (each.replace(":", "%3A").replace("+", "%2B") for each in (moments[2], moments[8]))
    found = caller.call("GET", f"backups?begin_time={begin}&end_time={end}").json()["backups"]
    assert {each["begin_time"] for each in found} >= set(moments[3:8])
    assert all(moments[2] <= each["begin_time"] <= moments[8] for each in found)


def test_a_fresh_backup_is_listed_only_after_the_lag(caller, simulator, orders):
    simulator.control("lag", {"seconds": 60})
    made = caller.create(orders).json()["backup"]["id"]
    assert ids(caller.call("GET", f"backups?backup_id={made}")) == []
    simulator.advance(61)
    assert ids(caller.call("GET", f"backups?backup_id={made}")) == [made]


def test_only_manual_backups_that_are_over_can_be_deleted(caller, simulator, orders):
    (nightly, *_) = ids(caller.call("GET", "backups?backup_type=auto"))
    assert caller.call("DELETE", f"backups/{nightly}").code == "DBS.200001"
    made = caller.create(orders).json()["backup"]["id"]
    assert caller.call("DELETE", f"backups/{made}").code == "DBS.200019"
    simulator.advance(3600)
    assert caller.call("DELETE", f"backups/{made}").json()["backup_name"] == "before-migration"
    assert caller.call("DELETE", f"backups/{made}").code == "DBS.280124"


@pytest.mark.parametrize(("backup_id", "status"), [("seven", 400), (NO_SUCH_BACKUP, 404)])
def test_a_backup_that_is_none_cannot_be_deleted(caller, backup_id, status):
    answer = caller.call("DELETE", f"backups/{backup_id}")
    assert (answer.status, answer.code) == (status, "DBS.280124")


def test_times_are_written_with_an_offset_without_a_colon(caller):
    (newest, *_) = caller.call("GET", "backups?limit=1").json()["backups"]
    assert newest["begin_time"].endswith("+0800")
    assert newest["datastore"] == {"type": "gaussdb-mysql", "version": "8.0"}


def test_a_larger_instance_takes_longer(caller, simulator, instance_ids):
    for name in ("ledger", "payments-staging"):
        caller.create(instance_ids[name])
    spans = {
        each["instance_name"]: each["end_at"] - each["begin_at"]
        for each in simulator.backups(caller.project["project_id"])
    }
    assert spans["ledger"] > 5 * spans["payments-staging"]


def test_a_list_that_was_asked_for_before_follows_every_change(caller, simulator, orders):
    def told():
        listed = caller.call("GET", f"backups?instance_id={orders}&limit=100").json()
        assert listed["total_count"] == len(listed["backups"])
        return [(each["name"], each["status"]) for each in listed["backups"]]

    before = told()
    made = caller.create(orders).json()["backup"]["id"]
    assert told() == [("before-migration", "BUILDING"), *before]
    simulator.set_backup_status(made, "COMPLETED")
    assert told() == [("before-migration", "COMPLETED"), *before]
    assert caller.call("DELETE", f"backups/{made}").status == 200
    assert told() == before
