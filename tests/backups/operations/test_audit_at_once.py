"""Many write at once: one chain per team, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from backups.models import AuditHead, Event, Project, Team
from backups.operations import audit
from backups.queries import marks

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 50
ACTS_EACH = 4


def at_once(*work: Callable[[], None]) -> None:
    """Each in a thread and a connection of its own, begun together; raises what any of them raised."""
    together = Barrier(len(work))

    def run(each: Callable[[], None]) -> None:
        try:
            together.wait(60)
            each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(run, work))


def assert_one_chain(team: Team, *, length: int) -> None:
    previous = ""
    events = list(Event.objects.filter(team=team).order_by("number"))
    assert [event.number for event in events] == list(range(1, length + 1))
    assert [event.pk for event in events] == sorted(event.pk for event in events)
    for event in events:
        assert marks.keys().is_genuine(event.link(number=event.number, previous=previous), event.mark)
        previous = event.mac
    head = AuditHead.objects.get(team=team)
    assert (head.number, head.mac) == (length, previous)


def test_fifty_writers_keep_one_chain(payments, storefront):
    def write(number: int) -> Callable[[], None]:
        def work() -> None:
            for turn in range(ACTS_EACH):
                with audit.act():
                    for team in (payments, storefront)[:: 1 if number % 2 else -1]:
                        data = {"writer": number, "turn": turn}
                        audit.record("written", team_id=team.pk, at=timezone.now(), data=data)

        return work

    at_once(*[write(number) for number in range(WRITERS)])
    assert_one_chain(payments, length=WRITERS * ACTS_EACH)
    assert_one_chain(storefront, length=WRITERS * ACTS_EACH)
    told = Event.objects.filter(team=payments).values_list("data__writer", "data__turn")
    assert len(set(told)) == WRITERS * ACTS_EACH


def test_two_acts_that_touch_the_rows_of_two_teams_in_opposite_order_both_come_through(orders, foreign):
    rounds = 40
    before = {team.pk: team.events.count() for team in (orders.team, foreign.team)}

    def touch(*instances) -> Callable[[], None]:
        def work() -> None:
            for _ in range(rounds):
                with audit.act():
                    for instance in instances:
                        audit.record("touched", team_id=instance.team_id, at=timezone.now())
                    mine = instances[0]
                    type(mine).objects.filter(pk=mine.pk).update(seen_at=timezone.now())

        return work

    at_once(touch(orders, foreign), touch(foreign, orders), touch(orders, foreign), touch(foreign, orders))
    for team in (orders.team, foreign.team):
        assert_one_chain(team, length=before[team.pk] + 4 * rounds)


def test_an_act_that_renames_what_another_tells_of_does_not_wait_in_a_circle(project, admin, dba):
    rounds, before = 40, project.team.events.count()

    def rename() -> None:
        for turn in range(rounds):
            with audit.act():
                # A change of a name that is unique locks the row even against those who point at it.
                Project.objects.filter(pk=project.pk).update(name=f"north-{turn}")
                audit.record("renamed", team_id=project.team_id, at=timezone.now(), by=admin)

    def tell() -> None:
        for _ in range(rounds):
            audit.record("told", team_id=project.team_id, at=timezone.now(), by=dba, project=project)

    at_once(rename, tell, tell)
    assert_one_chain(project.team, length=before + 3 * rounds)
