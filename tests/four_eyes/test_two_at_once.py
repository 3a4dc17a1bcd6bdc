"""Two people decide at the same moment (faults.md, row 6)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from backups.models import Decision, Event, Role, Status
from backups.operations.decisions import DecisionRefused
from tests.fixtures.cast import member
from tests.fixtures.consent import approve, reject
from tests.fixtures.fleet import make_instance

ROUNDS = 200


@pytest.mark.django_db(transaction=True)
def test_row_06_of_an_approval_and_a_rejection_at_once_exactly_one_wins_and_the_other_is_told(
    govern, project, ask, lead, payments
):
    other = member("other", payments, Role.APPROVER)
    govern()
    together = Barrier(2)

    def decide(operation, backup, person) -> str:
        together.wait(30)
        try:
            operation(backup, person)
        except DecisionRefused as refused:
            return refused.message
        finally:
            connection.close()
        return ""

    wins = {Status.QUEUED: 0, Status.REJECTED: 0}
    with ThreadPoolExecutor(2) as people:
        for number in range(ROUNDS):
            backup = ask(make_instance(project, f"instance-{number}"), "before-release")
            words = [
                people.submit(decide, operation, backup, person)
                for operation, person in ((approve, lead), (reject, other))
            ]
            approval, rejection = (word.result(30) for word in words)
            backup.refresh_from_db()
            expected = (
                ("", "Lead was first: approved.")
                if backup.status == Status.QUEUED
                else ("Other was first: rejected.", "")
            )
            assert (approval, rejection) == expected
            assert Decision.objects.filter(backup=backup).count() == 1
            assert Event.objects.filter(backup=backup, verb__in=["approved", "rejected"]).count() == 1
            wins[Status(backup.status)] += 1
    assert sum(wins.values()) == ROUNDS
