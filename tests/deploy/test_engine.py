"""The embedded servers: made once, durable, found again, and never confused with another process."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from deploy import account, addresses, owned
from deploy.engine import EmbeddedPostgres, EmbeddedValkey, EngineError

running: list[subprocess.Popen] = []


@pytest.fixture
def place():
    """A directory that PostgreSQL's account may pass; pytest's own is closed to it."""
    directory = Path(tempfile.mkdtemp(prefix="safepoint-test-"))
    directory.chmod(0o755)
    yield directory
    for process in running:
        process.kill()
        process.wait()
    running.clear()
    shutil.rmtree(directory)


@pytest.fixture
def home(place):
    return place / "home"


def serve(server: EmbeddedPostgres | EmbeddedValkey) -> subprocess.Popen:
    server.prepare()
    log = (server.home.parent / "log").open("ab")
    running.append(subprocess.Popen(server.argv(), stdout=log, stderr=log))
    server.wait_ready()
    return running[-1]


def count(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO kept DEFAULT VALUES")
        return len(connection.execute("SELECT at FROM kept").fetchall())


def test_what_was_committed_is_there_after_a_stop_and_after_kill_9(home):
    server = EmbeddedPostgres(home)
    first = serve(server)
    assert server.url() == addresses.database_url_in(home)
    assert count(server) == 1
    server.stop()
    assert first.wait(20) == 0
    second = serve(EmbeddedPostgres(home))
    assert count(server) == 2
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    serve(EmbeddedPostgres(home))
    assert count(server) == 3


def test_a_server_that_a_killed_run_left_is_stopped_before_the_next_starts(home):
    left = serve(EmbeddedPostgres(home))
    server = EmbeddedPostgres(home)
    serve(server)
    assert left.wait(1) == 0
    assert count(server) == 1


def test_a_pid_file_that_names_another_process_stops_neither_that_process_nor_the_start(home):
    server = EmbeddedPostgres(home)
    serve(server)
    server.stop()
    other = subprocess.Popen(["sleep", "300"])
    running.append(other)
    pid_file = server.place.data / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n{server.place.data}\n1\n5432\n{home}\n\n  1  1\nready\n")
    serve(EmbeddedPostgres(home))
    assert other.poll() is None
    assert count(server) == 1


def test_under_a_long_path_both_serve_on_a_port_with_a_password_and_the_settings_find_it(home):
    var = home / ("long" * 30)
    server = EmbeddedPostgres(addresses.postgres_home(var), is_durable=False)
    broker = EmbeddedValkey(addresses.valkey_home(var))
    serve(server)
    serve(broker)
    assert "@127.0.0.1:" in addresses.default_database_url(var) == server.url()
    assert count(server) == 1
    assert redis.Redis.from_url(addresses.default_redis_url(var)).ping()
    port = addresses.kept_port(server.home)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses.database_url_at(port, "wrong"))
    assert addresses.address_file(server.home).stat().st_mode & 0o077 == 0


def test_data_of_another_release_is_refused_in_a_sentence(home):
    server = EmbeddedPostgres(home)
    data = server.place.data
    data.mkdir()
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EngineError, match=r"of PostgreSQL 9.6, the server here is \d+"):
        server.prepare()


def test_a_broker_writes_down_what_it_is_told(home):
    broker = EmbeddedValkey(home)
    process = serve(broker)
    redis.Redis.from_url(broker.url()).set("kept", "yes")
    broker.stop()
    assert process.wait(10) == 0
    serve(EmbeddedValkey(home))
    assert redis.Redis.from_url(broker.url()).get("kept") == b"yes"


@pytest.mark.skipif(not account.is_root(), reason="only root needs another account")
def test_as_root_where_the_account_may_not_enter_the_data_goes_elsewhere_and_is_found_again(
    place, monkeypatch
):
    elsewhere = place / "elsewhere"
    monkeypatch.setattr("deploy.siting.ELSEWHERE", elsewhere)
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    server = EmbeddedPostgres(closed / "postgres", say=said.append)
    serve(server)
    assert count(server) == 1
    assert server.place.data.is_relative_to(elsewhere)
    assert any(str(server.place.directory) in line for line in said)
    again = EmbeddedPostgres(closed / "postgres")
    serve(again)
    assert count(again) == 2
    assert closed.stat().st_mode & 0o777 == 0o700
    assert owned.find(again.place.data / "postmaster.pid", again.place.data) is not None
