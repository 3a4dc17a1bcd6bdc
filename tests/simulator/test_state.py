"""The simulator as a process: its state, its keys, its end."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys

import pytest

from tests.fixtures.simulator import REPOSITORY
from tests.simulator.caller import Caller

STANDALONE = [sys.executable, "-m", "backups.simulator", "--history-days", "1"]


def caller_of(cloud):
    return Caller(cloud.endpoint, cloud.projects[0])


def first_instance(cloud):
    return cloud.instances(cloud.projects[0]["project_id"])[0]["id"]


def test_the_state_survives_a_kill(start_simulator, tmp_path):
    before = start_simulator(state=tmp_path / "state", build_seconds=3600)
    made = caller_of(before).create(first_instance(before)).json()["backup"]
    token = caller_of(before).sign_in().headers["X-Subject-Token"]
    before.kill()

    after = start_simulator(state=tmp_path / "state")
    assert after.projects == before.projects
    (found,) = caller_of(after).call("GET", f"backups?backup_id={made['id']}").json()["backups"]
    assert (found["name"], found["status"]) == (made["name"], "BUILDING")
    assert caller_of(after).create(first_instance(after), "another").code == "DBS.200019"
    with_token = {"X-Auth-Token": token}
    assert caller_of(after).send("GET", f"{caller_of(after).root}/jobs", b"", with_token).code == "DBS.200001"


def test_a_backup_goes_on_while_the_simulator_is_down(start_simulator, tmp_path):
    before = start_simulator(state=tmp_path / "state")
    made = caller_of(before).create(first_instance(before)).json()["backup"]["id"]
    before.advance(3600)
    before.kill()
    after = start_simulator(state=tmp_path / "state")
    (found,) = caller_of(after).call("GET", f"backups?backup_id={made}").json()["backups"]
    assert found["status"] == "COMPLETED"


def test_one_seed_makes_one_world_with_keys_of_its_own_each_time(start_simulator, tmp_path):
    worlds = [start_simulator(seed=seed, keys_file=tmp_path / f"{n}") for n, seed in enumerate("775")]
    ids = [[each["project_id"] for each in world.projects] for world in worlds]
    assert ids[0] == ids[1] != ids[2]
    names = [(each["name"], each["region"]) for each in worlds[0].projects]
    assert names == [("payments", "cn-north-4"), ("storefront", "ap-southeast-1")]
    secrets = {each[key] for world in worlds for each in world.projects for key in ("secret_key", "password")}
    assert len(secrets) == 3 * 2 * 2


def test_the_world_has_twelve_instances_and_a_past(start_simulator):
    cloud = start_simulator(history_days=60)
    ids = [each["project_id"] for each in cloud.projects]
    instances = [each for project_id in ids for each in cloud.instances(project_id)]
    assert len(instances) == 12
    assert [each["status"] for each in instances if each["status"] != "normal"] == ["frozen"]
    past = [each for project_id in ids for each in cloud.backups(project_id, has_past=True)]
    assert {each["type"] for each in past} == {"auto", "manual"}
    failed = [each for each in past if each["status"] == "FAILED"]
    assert 0 < len(failed) < len(past) / 20


def test_the_keys_file_is_for_its_owner_only(simulator):
    assert stat.S_IMODE(simulator.keys_file.stat().st_mode) == 0o600
    told = json.loads(simulator.keys_file.read_text())
    assert told["endpoint"] == told["iam_endpoint"] == simulator.endpoint


def test_a_port_in_use_is_one_sentence_and_exit_code_1():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*STANDALONE, "--port", port], cwd=REPOSITORY, capture_output=True, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.decode().strip() == (
        f"The simulated cloud cannot listen at 127.0.0.1:{port}: Address already in use."
    )


def test_a_state_file_that_is_none_is_one_sentence_and_exit_code_1(tmp_path):
    (tmp_path / "state").write_text("not a database, but long enough to be taken for one" * 40)
    command = [*STANDALONE, "--port", "0", "--state", str(tmp_path / "state")]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.decode().strip().splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(start_simulator, number):
    cloud = start_simulator()
    os.kill(cloud.pid, number)
    assert cloud.process.wait(10) == 0


def test_without_control_there_is_no_control_and_without_django_it_runs_too(tmp_path):
    command = [*STANDALONE, "--port", "0", "--keys-file", str(tmp_path / "keys")]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"listens" in process.stdout.readline()
        keys = json.loads((tmp_path / "keys").read_text())
        caller = Caller(keys["endpoint"], keys["projects"][0])
        for method, path in (("GET", "history"), ("POST", "reset")):
            answer = caller.send(method, f"/_control/{path}")
            assert (answer.status, answer.code) == (404, "APIGW.0101")
        assert caller.call("GET", "instances").json()["total_count"] == 7
        process.terminate()
    assert process.returncode == 0
