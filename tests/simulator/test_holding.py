"""Calls are held at exact points, so that a test can kill whoever waits for them."""

import http.client
import threading

import pytest


@pytest.fixture
def in_background():
    """Make a call in a thread; returns what waits for its outcome: an answer or an error."""

    def start(act):
        outcomes = []

        def run():
            try:
                outcomes.append(act())
            except (OSError, http.client.HTTPException) as error:
                outcomes.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()

        def outcome():
            thread.join(20)
            return outcomes[0]

        return outcome

    return start


def test_a_call_held_when_received_has_done_nothing_yet(caller, simulator, orders, made, in_background):
    simulator.hold("create_backup", name="before-migration")
    outcome = in_background(lambda: caller.create(orders))
    (held,) = simulator.wait_until_held()
    assert (held["operation"], held["at"], held["fields"]["instance_id"]) == (
        "create_backup",
        "received",
        orders,
    )
    assert made() == []
    simulator.release()
    assert outcome().status == 202
    assert made() == ["before-migration"]


def test_a_call_held_when_applied_has_made_its_backup(caller, simulator, orders, made, in_background):
    simulator.hold("create_backup", at="applied")
    outcome = in_background(lambda: caller.create(orders))
    simulator.wait_until_held()
    assert made() == ["before-migration"]
    assert simulator.history("create_backup")[0]["outcome"] == "pending"
    simulator.release()
    assert outcome().status == 202


def test_half_a_reply_can_be_held(caller, simulator, orders, made, in_background):
    simulator.hold("create_backup", at="reply")
    outcome = in_background(lambda: caller.create(orders))
    (held,) = simulator.wait_until_held()
    assert held["at"] == "reply"
    assert made() == ["before-migration"]
    simulator.release(held["id"])
    assert outcome().json()["backup"]["name"] == "before-migration"


def test_only_the_call_that_matches_is_held(caller, simulator, instance_ids, in_background):
    simulator.hold("create_backup", instance_id=instance_ids["ledger"])
    assert caller.create(instance_ids["orders"]).status == 202
    assert caller.call("GET", "instances").status == 200
    outcome = in_background(lambda: caller.create(instance_ids["ledger"]))
    assert len(simulator.wait_until_held()) == 1
    simulator.release()
    assert outcome().status == 202


def test_a_call_is_applied_after_its_caller_has_gone(caller, simulator, orders, made):
    simulator.hold("create_backup")
    connection = http.client.HTTPConnection(caller.endpoint.removeprefix("http://"))
    target, body = f"{caller.root}/backups/create", b'{"instance_id": "%s", "name": "late"}' % orders.encode()
    connection.request("POST", target, body, caller.signed("POST", target, body))
    simulator.wait_until_held()
    connection.close()
    simulator.release()
    while simulator.history("create_backup")[0]["outcome"] == "pending":
        pass  # each round asks the simulator
    assert made() == ["late"]


def test_a_reset_ends_the_calls_that_wait_without_carrying_them_out(
    caller, simulator, orders, made, in_background
):
    simulator.hold("create_backup")
    outcome = in_background(lambda: caller.create(orders))
    simulator.wait_until_held()
    simulator.reset()
    assert isinstance(outcome(), (OSError, http.client.HTTPException))
    assert made() == []
    assert caller.create(orders).status == 202


def test_many_calls_at_once_make_one_backup_of_one_instance(caller, orders, made, in_background):
    outcomes = [in_background(lambda: caller.create(orders)) for _ in range(20)]
    assert sorted(outcome().status for outcome in outcomes) == [202] + [409] * 19
    assert made() == ["before-migration"]
