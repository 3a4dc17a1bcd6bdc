"""Events that were written before there were chains: the migration chains them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backups.models import AuditHead, Event
from backups.operations import audit
from backups.queries import chain
from tests.fixtures.cast import NOW

BEFORE = [("backups", "0005_four_eyes_guarantees")]
INSERT = """
INSERT INTO backups_event (team_id, at, verb, from_status, to_status, data)
SELECT team.id, %s, 'told', '', '', '{"n": 1.5}' FROM backups_team AS team, generate_series(1, 3)
"""


@pytest.mark.django_db(transaction=True)
def test_events_from_before_are_chained_and_others_follow_them(payments, storefront):
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("backups")
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [NOW])
    finally:
        MigrationExecutor(connection).migrate(newest)
    audit.record("told", team_id=payments.pk, at=NOW)
    assert [head.number for head in AuditHead.objects.order_by("pk")] == [4, 3]
    for team in (payments, storefront):
        assert chain.walk(team.pk).broken is None
    assert Event.objects.count() == 7
