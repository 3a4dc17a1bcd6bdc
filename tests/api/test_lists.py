"""Lists: filtered and sorted as the history page, in keyset pages, with a fixed number of queries."""

import pytest
from django.utils import timezone

from backups.models import Backup, Status
from tests.backups.queries.test_history import past


def names(reply) -> list[str]:
    assert reply.status_code == 200, reply.content
    return [row["name"] for row in reply.json()["results"]]


@pytest.fixture
def history(orders, ledger) -> list[Backup]:
    return [past(orders, day, name=f"backup-{day:02}") for day in range(1, 8)] + [
        past(ledger, 9, name="other-09")
    ]


def test_the_newest_come_first_and_pages_put_together_are_the_whole(call_as, auditor, history):
    call, found, query = call_as(auditor), [], {"limit": 3}
    reply = call.get("backups/", query)
    found += names(reply)
    while following := reply.json()["next"]:
        assert following.startswith("http://localhost:8000/api/v1/backups/?")
        reply = call.get(following.removeprefix("http://localhost:8000"))
        found += names(reply)
    assert found == [f"backup-{day:02}" for day in range(1, 8)] + ["other-09"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"q": "other"}, 1),
        ({"status": ["COMPLETED"]}, 8),
        ({"status": ["COMPLETED", "FAILED"]}, 8),
        ({"status": ["FAILED"]}, 0),
        ({"instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01"}, 7),
        ({"instance_id": "unknown"}, 0),
        ({"team": "payments", "environment": "production"}, 8),
        ({"environment": "staging"}, 0),
        ({"person": "nobody"}, 0),
        ({"since": "2026-11-20", "until": "2026-11-21"}, 2),
        ({"until": "2026-11-15T14:10:00Z"}, 1),
        ({"attention": "true"}, 0),
        ({"sort": "started"}, 8),
    ],
)
def test_each_filter_of_the_page_is_a_filter_here(call_as, auditor, history, query, count):
    found = names(call_as(auditor).get("backups/", query))
    assert len(found) == count
    if query == {"sort": "started"}:
        assert found[0] == "other-09"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"status": "DONE"}, "status"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-11-20T10:00:00"}, "since"),
        ({"since": "9999-12-31", "until": "9999-12-31"}, "until"),
        ({"sort": "name"}, "sort"),
        ({"stauts": "FAILED"}, "stauts"),
        ({"q": "a\x00"}, "q"),
        ({"status": ""}, "status"),
    ],
)
def test_what_cannot_be_read_is_told_and_filters_nothing_silently(call_as, auditor, query, field):
    reply = call_as(auditor).get("backups/", query)
    assert reply.status_code == 400
    assert set(reply.json()["errors"]) == {field}


@pytest.mark.parametrize("resource", ["backups/", "instances/", "coverage/", "events/", "decisions/"])
def test_a_cursor_that_is_none_of_ours_is_told(call_as, auditor, resource):
    reply = call_as(auditor).get(resource, {"cursor": "x"})
    assert (reply.status_code, set(reply.json()["errors"])) == (422, {"cursor"})


@pytest.mark.parametrize("count", [1, 7])
def test_a_list_takes_as_many_queries_however_long_it_is(
    call_as, auditor, history, django_assert_num_queries, count
):
    call = call_as(auditor)
    call.get("backups/")
    with django_assert_num_queries(2):  # the token, and the rows with all that is told of them
        assert len(names(call.get("backups/", {"limit": count}))) == count


def test_instances_and_their_coverage_are_told(call_as, auditor, history):
    call = call_as(auditor)
    [ledger, orders] = call.get("instances/").json()["results"]
    assert (ledger["name"], orders["name"]) == ("ledger", "orders")
    assert orders["instance_id"] == "d8e6ca5a624745bcb546a227aa3ae1cfin01"
    told = call.get("coverage/").json()
    assert sum(told["summary"].values()) == len(told["results"]) == 2
    assert call.get("coverage/", {"team": "storefront"}).json()["results"] == []
    assert [row["name"] for row in call.get("instances/", {"q": "ord"}).json()["results"]] == ["orders"]


def test_projects_show_no_secret(call_as, auditor, project):
    reply = call_as(auditor).get("projects/")
    [told] = reply.json()["results"]
    assert told["credential"]["access_key_hint"] == "0001"
    assert "CANARY" not in reply.text


def test_events_are_told_in_words_with_the_marks_of_the_chain(call_as, dba, auditor, wanted):
    call_as(dba).post("backups/", wanted)
    told = call_as(auditor).get("events/", {"verb": "requested"}).json()["results"]
    assert [(row["actor"], row["title"], row["to_status"]) for row in told] == [
        ("dba", "Asked for", "QUEUED")
    ]
    assert len(told[0]["mac"]) == 64
    assert call_as(auditor).get("events/", {"person": "-"}).json()["results"] != told


def test_who_calls_is_told(call_as, service):
    told = call_as(service).get("me/").json()
    assert (told["username"], told["team"], told["roles"]) == ("deploy", "payments", ["requester"])
    assert (told["is_service"], told["scopes"]) == (True, ["read", "request"])


def test_a_moving_backup_says_how_far_it_is(call_as, auditor, ask, orders):
    backup = ask(orders, "before-release")
    Backup.objects.filter(pk=backup.pk).update(
        status=Status.BUILDING, cloud_id="c" * 32, begin_time=timezone.now(), progress_percent=40
    )
    assert call_as(auditor).get(f"backups/{backup.pk}/").json()["progress"] == 40
