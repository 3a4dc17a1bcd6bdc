"""What every reply keeps to: 304 for what a caller has, what is left of a minute, a problem for a mistake."""

import json
import time
import zlib
from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from backups.api import throttling
from backups.models import Backup, Status
from backups.operations import creation


def test_what_a_caller_has_is_not_sent_again(call_as, dba, wanted):
    call = call_as(dba)
    path = f"backups/{call.post('backups/', wanted).json()['id']}/"
    first = call.get(path)
    again = call.get(path, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    call.post(f"{path}cancel/")
    assert call.get(path, **{"if-none-match": first["ETag"]}).json()["status"] == "CANCELLED"


@pytest.mark.parametrize("path", ["backups/", "me/", "events/", "projects/"])
def test_head_asks_for_what_get_asks_for(client, call_as, admin, path):
    assert client.head(f"/api/v1/{path}").status_code == 401
    assert call_as(admin, "request", "approve").send("head", f"/api/v1/{path}").status_code == 403
    assert call_as(admin, "read").send("head", f"/api/v1/{path}").status_code == 200


def test_each_reply_says_how_many_calls_are_left_and_too_many_are_told_to_wait(call_as, dba, lead, settings):
    settings.API_CALLS_PER_MINUTE = 2
    while time.time() % throttling.WINDOW_SECONDS > throttling.WINDOW_SECONDS - 5:
        time.sleep(1)
    call = call_as(dba)
    replies = [call.get("me/") for _call in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert [reply["RateLimit-Remaining"] for reply in replies] == ["1", "0", "0"]
    assert replies[2]["RateLimit-Limit"] == "2"
    assert 0 < int(replies[2]["Retry-After"]) <= throttling.WINDOW_SECONDS
    assert replies[2].json()["type"] == "urn:safepoint:problem:throttled"
    assert call_as(dba).get("me/").status_code == call_as(lead).get("me/").status_code == 200


def test_without_redis_calls_pass(call_as, dba, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(throttling, "_counter", throttling._Counter())
    call = call_as(dba)
    assert [call.get("me/").status_code for _call in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"\\ud800": 1}', "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(client, call_as, dba, body, kind, status):
    authorization = f"Bearer {call_as(dba).token}"
    headers = {"authorization": authorization}
    reply = client.generic("POST", "/api/v1/backups/", body, content_type=kind, headers=headers)
    assert (reply.status_code, reply["Content-Type"]) == (status, "application/problem+json")
    assert reply.json()["status"] == status


def test_no_charset_unpacks_a_body(client, call_as, dba):
    headers = {"authorization": f"Bearer {call_as(dba).token}"}
    kind = "application/json; charset=zlib"
    reply = client.generic(
        "POST", "/api/v1/backups/", zlib.compress(b"{}"), content_type=kind, headers=headers
    )
    assert reply.json()["type"] == "urn:safepoint:problem:parse_error"


def test_a_body_in_chunks_is_refused_not_passed_over(call_as, lead, asked_for):
    told = {"seen": "0" * 64}
    reply = call_as(lead).post(f"backups/{asked_for.pk}/approve/", told, **{"transfer-encoding": "chunked"})
    assert (reply.status_code, reply.json()["type"]) == (411, "urn:safepoint:problem:no_length")


def test_a_mistake_of_ours_is_a_problem_that_shows_nothing(call_as, dba, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("CANARY")

    call = call_as(dba)
    call._client.raise_request_exception = False
    monkeypatch.setattr("backups.queries.described.page", fail)
    reply = call.get("backups/")
    assert (reply.status_code, reply["Content-Type"]) == (500, "application/problem+json")
    assert "CANARY" not in reply.text


def test_another_host_is_refused_as_a_problem(call_as, dba):
    reply = call_as(dba).get("me/", host="evil.example.com")
    assert (reply.status_code, reply["Content-Type"]) == (400, "application/problem+json")


def test_a_name_with_odd_characters_stays_a_problem(call_as, dba, wanted):
    reply = call_as(dba).post("backups/", wanted | {"name": "\ud800abc"})
    assert reply.status_code == 400
    json.loads(reply.content)


def test_the_document_needs_no_token_and_the_page_a_reader(client, dba):
    assert client.get(reverse("api-document")).json()["openapi"].startswith("3.1")
    assert client.get(reverse("api-docs")).status_code == 302


def test_waiting_ends_with_the_backup(call_as, dba, wanted):
    call = call_as(dba)
    path = f"backups/{call.post('backups/', wanted).json()['id']}/"
    began = time.monotonic()
    assert call.get(path, {"wait": 1}).json()["status"] == "QUEUED"
    assert time.monotonic() - began >= 1
    call.post(f"{path}cancel/")
    began = time.monotonic()
    assert call.get(path, {"wait": 60}).json()["is_final"]
    assert time.monotonic() - began < 30
    assert call.get(path, {"wait": 61}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_an_end_that_comes_while_somebody_waits_is_told_at_once(call_as, dba, wanted):
    call = call_as(dba)
    made = call.post("backups/", wanted).json()

    def cancel_soon() -> None:
        time.sleep(0.5)
        creation.cancel(Backup.objects.get(pk=made["id"]), by=dba, at=timezone.now())
        connection.close()

    thread = Thread(target=cancel_soon)
    thread.start()
    assert call.get(f"backups/{made['id']}/", {"wait": 60}).json()["status"] == Status.CANCELLED
    thread.join()
