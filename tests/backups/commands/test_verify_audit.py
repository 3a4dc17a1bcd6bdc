"""Whoever has the database alone cannot change the audit unseen (security.md, row 15)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backups.models import AuditHead
from backups.operations import verification
from tests.backups.commands.conftest import LENGTH
from tests.fixtures.cast import NOW

SWAP = (
    "UPDATE backups_event SET number = CASE number WHEN {0} THEN {1} ELSE {0} END WHERE number IN ({0}, {1})"
)
COPY = """
INSERT INTO backups_event (team_id, number, at, verb, from_status, to_status, data, mac_key, mac)
SELECT team_id, {number}, at, 'forged', '', '', data, mac_key, mac FROM backups_event WHERE number = {like}
"""
HEAD_TO_LAST = """
UPDATE backups_audithead AS head SET (number, mac, exported_number, verified_number, verified_mac) = (
    SELECT number, mac, number, number, mac FROM backups_event WHERE team_id = head.team_id
    ORDER BY number DESC LIMIT 1
)
"""

ATTACKS = {
    "edited": ["UPDATE backups_event SET data = '{}' WHERE number = 5"],
    "edited by whom": ["UPDATE backups_event SET actor_id = NULL WHERE number = 5"],
    "edited from where": ["UPDATE backups_event SET address = '203.0.113.9' WHERE number = 5"],
    "edited to come from nowhere": ["UPDATE backups_event SET address = '' WHERE number = 5"],
    "edited to come from somewhere": ["UPDATE backups_event SET address = '192.0.2.7' WHERE number = 6"],
    "edited with its mark": [f"UPDATE backups_event SET verb = 'x', mac = '{'0' * 64}' WHERE number = 5"],
    "edited at the end": ["UPDATE backups_event SET at = at - interval '1 day' WHERE number = 12"],
    "deleted": ["DELETE FROM backups_event WHERE number IN (5, 6)"],
    "deleted at the beginning": ["DELETE FROM backups_event WHERE number = 1"],
    "deleted and numbered anew": [
        "DELETE FROM backups_event WHERE number IN (5, 6)",
        *[f"UPDATE backups_event SET number = {n - 2} WHERE number = {n}" for n in range(7, LENGTH + 1)],
    ],
    "inserted": [
        *[f"UPDATE backups_event SET number = {n + 1} WHERE number = {n}" for n in range(LENGTH, 4, -1)],
        COPY.format(number=5, like=4),
    ],
    "inserted at the end": [COPY.format(number=LENGTH + 1, like=LENGTH)],
    "reordered": [SWAP.format(5, 6)],
    "reordered far apart": [SWAP.format(3, 9)],
    "cut_off": ["DELETE FROM backups_event WHERE number > 9"],
    "head": ["DELETE FROM backups_audithead"],
}
PLACES = {
    "cut_off": 10,
    "inserted at the end": 13,
    "deleted at the beginning": 1,
    "edited at the end": 12,
    "edited to come from somewhere": 6,
}
PLACES |= {"reordered far apart": 3, "head": 1, "edited to come from somewhere": 6}
WORDS = {
    "edited": "an event was edited",
    "deleted": "events were deleted",
    "inserted": "an event was inserted",
    "reordered": "put in another order",
    "cut_off": "newest events were cut off",
    "head": "chain’s end was changed",
}


def attack(*statements: str) -> None:
    """Do what somebody does who has the database, and nothing of Safepoint's own."""
    tables = ("backups_event", "backups_audithead")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE backups_event DROP CONSTRAINT IF EXISTS event_once_in_chain")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def verify(*options: str) -> str:
    """What the command says of a chain that is whole."""
    said = StringIO()
    call_command("verify_audit", *options, stdout=said)
    return said.getvalue()


def verify_broken(*options: str) -> str:
    """What the command says of a chain that is broken; it ends with exit code 1."""
    said = StringIO()
    with pytest.raises(CommandError, match="The audit is broken: payments") as refused:
        call_command("verify_audit", *options, stdout=said)
    assert refused.value.returncode == 1
    return said.getvalue()


def test_a_chain_that_nobody_touched_is_whole(chained, storefront):
    assert "payments: whole up to event 12, its end." in verify()
    assert "storefront" not in verify("--team=payments")
    with pytest.raises(CommandError, match="no team"):
        verify("--team=nobody")


@pytest.mark.parametrize("kind", ATTACKS)
def test_each_kind_of_change_is_found_where_it_was_made_and_named(chained, kind):
    attack(*ATTACKS[kind])
    said = verify_broken()
    assert WORDS[kind.split(" ", maxsplit=1)[0]] in said
    assert f"BROKEN at event {PLACES.get(kind, 5)}:" in said


@pytest.mark.parametrize("kind", [kind for kind in ATTACKS if kind != "head"])
def test_each_kind_of_change_is_found_when_the_head_is_changed_along(chained, kind):
    attack(*ATTACKS[kind], HEAD_TO_LAST)
    assert "BROKEN" in verify_broken()
    verification.verify_due(at=NOW)
    assert AuditHead.objects.get().damage
