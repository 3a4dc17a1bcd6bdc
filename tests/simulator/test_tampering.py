"""What happens in the cloud behind everybody's back."""

import pytest

from tests.fixtures.simulated_cloud import ControlRefusedError
from tests.simulator.caller import Caller


def listed(caller, backup_id):
    return caller.call("GET", f"backups?backup_id={backup_id}").json()["backups"]


def test_an_instance_freezes_and_thaws(caller, simulator, orders):
    simulator.set_instance_status(orders, "frozen")
    assert caller.create(orders).code == "DBS.200011"
    simulator.set_instance_status(orders, "normal")
    assert caller.create(orders).status == 202


def test_an_instance_is_deleted(caller, simulator, orders):
    simulator.control(f"instances/{orders}", {"is_deleted": True})
    assert caller.create(orders).code == "DBS.200002"
    assert caller.call("GET", f"instances/{orders}/backups/policy").code == "DBS.200002"


@pytest.mark.parametrize("status", ["FAILED", "AVAILABLE", "MYSTERIOUS"])
def test_a_backup_is_put_in_any_state(caller, simulator, orders, status):
    made = caller.create(orders).json()["backup"]["id"]
    simulator.set_backup_status(made, status)
    simulator.advance(3600)
    assert [each["status"] for each in listed(caller, made)] == [status]


def test_a_backup_can_go_on_without_end(caller, simulator, orders):
    made = caller.create(orders).json()["backup"]["id"]
    simulator.set_backup_status(made, "BUILDING")
    simulator.advance(30 * 86400)
    assert [each["status"] for each in listed(caller, made)] == ["BUILDING"]


def test_a_backup_is_deleted_by_somebody_else_and_stays_in_the_truth(caller, simulator, orders, made):
    backup_id = caller.create(orders).json()["backup"]["id"]
    simulator.control(f"backups/{backup_id}", {"is_deleted": True})
    assert listed(caller, backup_id) == []
    assert made() == ["before-migration"]


def test_somebody_else_takes_a_backup_of_the_same_name(caller, simulator, orders, made):
    caller.create(orders)
    simulator.control("backups", {"instance_id": orders, "name": "before-migration"})
    assert made() == ["before-migration"] * 2


def test_tenants_are_added_and_gone_after_a_reset(simulator):
    told = {"count": 3, "instances": 5, "name": "bulk"}
    projects = simulator.control("tenants", told)["projects"]
    assert len({each["project_id"] for each in projects}) == 3
    for project in projects:
        caller = Caller(simulator.endpoint, project)
        assert caller.call("GET", "instances").json()["total_count"] == 5
    assert caller.sign_in().status == 201
    simulator.reset()
    assert caller.call("GET", "instances").code == "APIGW.0301"


def test_a_reset_brings_back_the_first_world_with_the_same_keys(caller, simulator, orders, made):
    before = caller.call("GET", "backups").json()
    caller.create(orders)
    simulator.set_instance_status(orders, "frozen")
    simulator.advance(7200)
    simulator.reset()
    assert made() == []
    assert simulator.history() == []
    assert caller.call("GET", "backups").json() == before


def test_nights_that_pass_leave_their_backups(caller, simulator, orders):
    def nights():
        return caller.call("GET", f"backups?instance_id={orders}&backup_type=auto").json()["total_count"]

    before = nights()
    simulator.advance(3 * 86400)
    assert before + 2 <= nights() <= before + 4  # one may be ending just now


def test_the_history_tells_what_was_asked_by_whom_and_what_became_of_it(caller, simulator, orders):
    caller.create(orders)
    (call,) = simulator.history()
    assert call["caller"] == caller.project["access_key"]
    assert call["fields"] == {"instance_id": orders, "name": "before-migration"}
    assert (call["status"], call["is_applied"], call["outcome"]) == (202, True, "replied")
    (backup,) = simulator.backups(caller.project["project_id"])
    assert backup["call_id"] == call["id"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("faults", {"action": "explode"}),
        ("faults", {"action": "hold", "at": "noon"}),
        ("faults", {"action": "hold", "match": 7}),
        ("faults", {"action": "hold", "who": "me"}),
        ("lag", {}),
        ("nowhere", {}),
    ],
)
def test_what_the_simulator_does_not_understand_it_refuses(simulator, path, told):
    with pytest.raises(ControlRefusedError):
        simulator.control(path, told)
