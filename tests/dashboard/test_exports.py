"""The history to take along: exactly what is filtered, in its order, and safe to open."""

import csv
import io
import json

import psycopg
import pytest
from django.db import connection

from backups.models import Status
from backups.queries import exporting
from backups.queries.history import HistoryFilters
from backups.queries.sorting import SORTS
from tests.backups.queries.test_history import past
from tests.fixtures.consent import approve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def several(orders, ledger, foreign):
    past(orders, 1, name="first-one", size_mb=5.0)
    past(ledger, 2, name="second-one", status=Status.FAILED, size_mb=None, source="elsewhere")
    past(ledger, 3, name="=cmd|calc", source="elsewhere", size_mb=9.0, description="a,\nb")
    past(foreign, 4, name="foreign-one")


def table(desk, query: str = "") -> list[dict[str, str]]:
    reply = desk.get(f"/backups/export.csv{query}")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_has_exactly_what_is_filtered_in_its_order(desk, several):
    assert [row["name"] for row in table(desk)] == ["first-one", "second-one", "'=cmd|calc"]
    assert [row["name"] for row in table(desk, "?sort=-size")] == ["'=cmd|calc", "first-one", "second-one"]
    assert [row["name"] for row in table(desk, "?status=FAILED")] == ["second-one"]
    assert [row["name"] for row in table(desk, "?q=one&source=elsewhere&sort=took")] == ["second-one"]
    assert table(desk, "?q=nothing") == []


def test_what_would_start_a_formula_is_quoted_and_nothing_else_is_changed(desk, several):
    row = table(desk)[2]
    assert (row["name"], row["description"], row["team"]) == ("'=cmd|calc", "a,\nb", "Payments")
    assert row["begin_time"] == "2026-11-20T14:10:00.000000Z"
    assert (row["seconds"], row["size_mb"]) == ("180.0", "9.0")


def test_the_list_of_objects_tells_the_same(desk, several):
    reply = desk.get("/backups/export.json?sort=-size")
    told = json.loads(b"".join(reply.streaming_content))
    assert [row["name"] for row in told] == ["=cmd|calc", "first-one", "second-one"]
    assert told[2]["size_mb"] is None
    assert set(told[0]) == set(exporting.COLUMNS)
    assert json.loads(b"".join(desk.get("/backups/export.json?q=nothing").streaming_content)) == []


def test_a_browser_saves_it_and_is_told_how_many_rows_come(desk, several, monkeypatch):
    reply = desk.get("/backups/export.csv")
    assert reply["Content-Disposition"].startswith('attachment; filename="backups-20')
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["X-Rows"] == "3"
    monkeypatch.setattr("dashboard.views.exports.COUNTED", 2)
    assert desk.get("/backups/export.csv?q=one")["X-Rows"] == "2"
    assert desk.get("/backups/export.csv")["X-Rows"] == "2+"


def test_it_tells_who_asked_and_who_agreed(desk, policy, orders, ask, lead):
    approve(ask(orders, "before-release"), lead)
    [row] = table(desk)
    assert (row["requested_by"], row["approved_by"], row["status"]) == ("dba", "Lead", "QUEUED")


def test_more_than_one_reading_gives_every_row_once_from_one_moment(desk, orders, dba, monkeypatch):
    monkeypatch.setattr(exporting, "FIRST_ROWS", 2)
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 3)
    made = [past(orders, number) for number in range(1, 12)]
    rows = exporting.every(dba, filters=HistoryFilters(), sort=SORTS["-started"])
    names = [next(rows)[6]]
    past(orders, 20, name="too-late")
    made[10].delete()
    names += [row[6] for row in rows]
    assert names == [backup.name for backup in made]


def test_a_reader_who_goes_away_leaves_nothing_open(orders, dba):
    for number in range(1, 5):
        past(orders, number)
    rows = exporting.every(dba, filters=HistoryFilters(), sort=SORTS["-started"])
    next(rows)
    assert open_cursors() == 1
    rows.close()  # type: ignore[attr-defined]
    assert open_cursors() == 0


def open_cursors() -> int:
    """The other connections to this database that are inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
        )
        return cursor.fetchone()[0]


def test_a_database_that_goes_away_ends_the_file_and_does_not_pretend_to_be_whole(desk, several, monkeypatch):
    def broken(*_given):
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(exporting, "_rows", broken)
    reply = desk.get("/backups/export.json")
    with pytest.raises(psycopg.OperationalError):
        b"".join(reply.streaming_content)
