"""Whatever is sent, the simulator answers and goes on."""

import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from tests.fixtures.simulated_cloud import ControlRefusedError
from tests.fixtures.simulator import REPOSITORY


def said_to(simulator, sent):
    """The first bytes of the answer to these bytes."""
    address = urlsplit(simulator.endpoint)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(sent)
        return connection.recv(4096)


def test_half_of_a_surrogate_pair_is_refused_and_the_history_still_tells_it(caller, simulator, orders):
    body = b'{"instance_id": "%s", "name": "before", "description": "\\ud800"}' % orders.encode()
    answer = caller.call("POST", "backups/create", body)
    assert (answer.status, answer.code) == (400, "DBS.280127")
    assert simulator.history("create_backup")[0]["fields"]["description"] == "\ud800"


def test_a_pair_of_surrogates_is_a_character(caller, simulator, orders):
    body = b'{"instance_id": "%s", "name": "before", "description": "\\ud83d\\udcbe"}' % orders.encode()
    assert caller.call("POST", "backups/create", body).json()["backup"]["description"] == "\U0001f4be"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1_0", "ten"])
def test_a_length_that_is_none_is_answered(simulator, length):
    sent = f"POST /v3/auth/tokens HTTP/1.1\r\nHost: cloud\r\nContent-Length: {length}\r\n\r\n"
    said = said_to(simulator, sent.encode())
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"APIGW.0201" in said
    assert b"X-Request-Id: " in said


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"BREW /v3 HTTP/1.1\r\n\r\n", b"GET \xff HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_request_is_answered_in_the_error_form(simulator, sent):
    assert b'"error_code": "APIGW.0' in said_to(simulator, sent)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("faults", {"action": "delay", "seconds": "long"}),
        ("faults", {"action": "status", "status": "bad"}),
        ("faults", {"action": "status", "headers": ["Retry-After"]}),
        ("clock", {"advance": "nan"}),
        ("clock", {"offset": "inf"}),
    ],
)
def test_what_could_only_fail_later_is_refused_at_once(caller, simulator, path, told):
    with pytest.raises(ControlRefusedError):
        simulator.control(path, told)
    assert caller.call("GET", "instances").status == 200


@pytest.mark.parametrize("offset", [-1200, 1200])
def test_a_clock_that_goes_wrong_neither_hides_backups_nor_hurries_them(caller, simulator, orders, offset):
    made = caller.create(orders).json()["backup"]["id"]
    told = simulator.control("clock", {"offset": offset})
    assert told["shown"] == pytest.approx(told["now"] + offset, abs=60)
    assert told["now"] == pytest.approx(time.time(), abs=60)
    asked = caller.call("GET", f"backups?backup_id={made}", skew_seconds=offset)
    assert [each["id"] for each in asked.json()["backups"]] == [made]


def test_a_state_serves_one_simulator_at_a_time(start_simulator, tmp_path):
    start_simulator(state=tmp_path / "state")
    command = [sys.executable, "-m", "backups.simulator", "--port", "0", "--state", str(tmp_path / "state")]
    second = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False, timeout=60)
    assert second.returncode == 1
    assert second.stderr.decode().strip().endswith("database is locked.")


def test_a_signal_while_the_world_is_made_ends_it_without_a_trace(tmp_path):
    state = tmp_path / "state"
    command = [sys.executable, "-m", "backups.simulator", "--port", "0", "--state", str(state)]
    with subprocess.Popen(
        [*command, "--history-days", "20000"], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while not state.exists():  # from here on it makes the world, which takes many seconds
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, (b"", b""))
