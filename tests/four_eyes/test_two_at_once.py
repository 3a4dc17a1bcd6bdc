"""Two people decide at the same moment, each in any of the ways (faults.md, row 6)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, product
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import Backup, Decision, Event, Role, Status, User
from tests.fixtures.cast import member
from tests.fixtures.fleet import make_instance
from tests.four_eyes.faces import FACES, Face

ROUNDS = 200
AT_ONCE = [face for face in FACES if face.name != "cli"]
"""Run within a test the command line takes the output of the whole process, and so of the other one."""


@pytest.mark.django_db(transaction=True)
def test_row_06_of_an_approval_and_a_rejection_at_once_exactly_one_wins_and_the_other_is_told(
    govern, project, ask, lead, payments
):
    other = member("other", payments, Role.APPROVER)
    govern()
    together = Barrier(2)

    def decide(face: Face, person: User, backup: Backup, verdict: str) -> str:
        together.wait(30)
        try:
            return face.decide(person, backup, verdict)
        finally:
            connection.close()

    wins = {Status.QUEUED: 0, Status.REJECTED: 0}
    with ThreadPoolExecutor(2) as people:
        for number, (one, another) in zip(range(ROUNDS), cycle(product(AT_ONCE, AT_ONCE)), strict=False):
            backup = ask(make_instance(project, f"instance-{number}"), "before-release", at=timezone.now())
            approval = people.submit(decide, one, lead, backup, "approved")
            rejection = people.submit(decide, another, other, backup, "rejected")
            told = {"approved": approval.result(30), "rejected": rejection.result(30)}
            backup.refresh_from_db()
            if backup.status == Status.QUEUED:
                assert "Lead was first: approved." in told["rejected"]
            else:
                assert "Other was first: rejected." in told["approved"]
            assert Decision.objects.filter(backup=backup).count() == 1
            assert Event.objects.filter(backup=backup, verb__in=["approved", "rejected"]).count() == 1
            wins[Status(backup.status)] += 1
    assert sum(wins.values()) == ROUNDS
