"""Two who act at once: neither makes a thing twice, nor do they wait for each other."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from backups.models import Instance, Proposal, Role, Team
from backups.operations import governance
from tests.fixtures.cast import NOW, member
from tests.fixtures.declared import declare, sample
from tests.fixtures.running import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
BLOCKS = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def wait_until_somebody_waits_for_us() -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while not cursor.execute(BLOCKS).fetchone():
            assert time.monotonic() < deadline
            time.sleep(0.05)


def in_own_connection(act: Any) -> Any:
    try:
        return act()
    finally:
        connection.close()


def test_of_two_who_apply_the_same_one_makes_it_and_the_other_finds_it():
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(in_own_connection, [lambda: declare(sample())] * 2))
    assert sorted(map(len, told)) == [0, 13]
    assert Team.objects.count() == 1


def test_who_agrees_on_an_instance_waits_for_it_before_the_team(payments, policy, orders, admin):
    second = member("second", payments, Role.ADMIN)
    wanted = {"id": str(orders.pk), "name": "orders", "environment": "staging", "labels": []}
    proposal = governance.propose(payments, Proposal.Kind.INSTANCE, wanted, by=admin, at=NOW)
    assert proposal is not None
    agree = partial(governance.agree, proposal, by=second, at=NOW)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As whoever asks for a backup and breaks the glass.
            Instance.objects.select_for_update(no_key=True).get(pk=orders.pk)
            agreed = pool.submit(in_own_connection, agree)
            wait_until_somebody_waits_for_us()
            Team.objects.select_for_update(no_key=True, nowait=True).get(pk=payments.pk)
        agreed.result()
    assert Instance.objects.get(pk=orders.pk).environment == "staging"
