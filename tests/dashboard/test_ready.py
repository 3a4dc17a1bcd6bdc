"""`/readyz`: whether all of Safepoint is there, told in time whatever is frozen."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Pulse
from dashboard.probes import Probe

PARTS = ("database", "redis", "worker", "reconciler")


@pytest.fixture
def frozen() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, as a stopped one does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def ask(url: str) -> tuple[int, dict[str, Any], float]:
    begun = monotonic()
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=30) as reply:
            return reply.status, json.load(reply), monotonic() - begun
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), monotonic() - begun


@pytest.mark.django_db(transaction=True)
def test_all_is_ready_while_everything_answers_and_lives(client):
    for name in ("reconciler", "worker"):
        Pulse.objects.create(name=name, at=timezone.now())
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json()["ready"] is True
    assert [reply.json()[part]["ok"] for part in PARTS] == [True] * 4
    assert "no-store" in reply["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("silent", "age"), [("reconciler", 31), ("worker", 61)])
def test_a_process_that_shows_no_life_is_named(client, silent, age):
    for name in ("reconciler", "worker"):
        Pulse.objects.create(name=name, at=timezone.now())
    Pulse.objects.filter(name=silent).update(at=timezone.now() - timedelta(seconds=age))
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert [part for part in PARTS if not reply.json()[part]["ok"]] == [silent]
    assert reply.json()[silent]["says"].startswith("last seen ")


@pytest.mark.django_db(transaction=True)
def test_a_site_that_just_starts_is_not_ready_yet(client):
    told = client.get("/readyz").json()
    assert told["ready"] is False
    assert told["reconciler"]["says"] == "has shown no sign of life yet"
    assert told["database"]["ok"] is True


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["frozen", "gone"])
def test_a_database_that_is_away_is_told_within_two_seconds(web, frozen, kind):
    port = frozen if kind == "frozen" else 1
    site = web(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{port}/none")
    for _ in range(3):
        status, told, seconds = ask(site.url)
        assert (status, told["database"]["ok"], told["redis"]["ok"]) == (503, False, True)
        assert told["worker"]["says"] == "unknown without the database"
        assert seconds < 2.5
    assert "nobody" not in json.dumps(told)


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["frozen", "gone"])
def test_a_broker_that_is_away_is_told_within_two_seconds(web, frozen, kind):
    site = web(REDIS_URL=f"redis://127.0.0.1:{frozen if kind == 'frozen' else 1}/0")
    status, told, seconds = ask(site.url)
    assert (status, told["database"]["ok"], told["redis"]["ok"]) == (503, True, False)
    assert seconds < 2.5


def test_a_question_that_hangs_is_not_asked_again_until_it_comes_back():
    asked, comes_back = [], threading.Event()

    def question() -> bool:
        asked.append(1)
        return comes_back.wait(30)

    probe = Probe(question)
    first = probe.start()
    assert probe.start() is first
    assert not first.done()
    comes_back.set()
    assert first.result(10)
    assert probe.start().result(10)
    assert len(asked) == 2


@pytest.mark.parametrize("place", ["/healthz", "/readyz"])
def test_whoever_asks_is_not_looked_up_in_a_database_that_may_be_frozen(
    client, dba, place, django_assert_num_queries
):
    client.force_login(dba)
    with django_assert_num_queries(0):
        assert client.get(place).status_code in {200, 503}


@pytest.mark.django_db(transaction=True)
def test_the_answer_leaves_no_connection_behind(client):
    before = sessions()
    client.get("/readyz")
    # A connection that was closed here takes the server a moment.
    ends = monotonic() + 10
    while sessions() != before:
        assert monotonic() < ends


def sessions() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}
