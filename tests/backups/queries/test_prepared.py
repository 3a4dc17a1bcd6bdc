"""What pages ask again and again is planned once for a connection, and is counted like any other query."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backups.queries import history, offers, surroundings
from backups.queries.selection import HistoryFilters


def test_what_is_asked_again_is_not_planned_again(dba):
    for _ in range(3):
        offers.of(dba, at=timezone.now())
        history.page(dba, filters=HistoryFilters())
        surroundings.around(dba, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
        assert cursor.fetchall() == [(3, 0)] * 3


def test_what_is_planned_once_is_counted_each_time(dba):
    with CaptureQueriesContext(connection) as asked:
        for _ in range(2):
            surroundings.around(dba, at=timezone.now())
    assert len(asked) == 2


def test_words_are_planned_once_where_their_index_knows_them_and_else_for_what_they_are(dba):
    teams = offers.of(dba, at=timezone.now()).teams("")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for words, prepared in (("be", 0), ("before", 1)):
        history.page(dba, filters=HistoryFilters(q=words), teams=teams)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone() == (prepared,), words
