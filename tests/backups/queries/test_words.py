"""How words are looked for: what is common in the next rows, what is rare by a piece of it."""

import pytest

from backups.queries import history, offers, words
from backups.queries.history import HistoryFilters
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("release", []),
        ("before-x", ["%before-x%"]),
        ("mysql-orders-202605", ["%s-202605%", "%rders-20%", "%ql-order%"]),
        ("a_b_release", [r"%\_release%"]),
        ("_-_-_-_-abcd", ["%\\_-\\_-abcd%"]),
        ("ab-cd-ef-gh-ij", []),
    ],
)
def test_pieces_begin_at_the_end_and_hold_what_the_index_knows(text, patterns):
    assert words.pieces(text) == patterns


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mysql-orders-20260504", ["mysql-orders-20260504"]),
        ("MYSQL-orders-2026", ["mysql-orders-20260504"]),
        ("mysql-orders-20260503", []),
        ("sql_orders", []),
        ("für alle", ["with-a-word"]),
        ("nightly-001", [f"nightly-{number:04}" for number in range(10, 20)]),
    ],
)
def test_what_only_old_rows_have_is_found_among_many_that_are_alike(orders, dba, text, found):
    for number in range(words.SAMPLE + 20):
        past(orders, number + 1, name=f"nightly-{number:04}", description="mysql-orders-in-2026")
    past(orders, 1000, name="mysql-orders-20260504")
    past(orders, 1001, name="with-a-word", description="Sicherung für ALLE")
    teams = offers.of(dba, at=NOW).teams("")
    page = history.page(dba, filters=HistoryFilters(q=text), teams=teams)
    assert [row.name for row in page.rows] == found


def test_a_team_that_the_reader_is_not_in_is_never_among_the_known(dba, storefront):
    assert offers.of(dba, at=NOW).teams(storefront.slug) == ()
    assert len(offers.of(dba, at=NOW).teams("")) == 1
