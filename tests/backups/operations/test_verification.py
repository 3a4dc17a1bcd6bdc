"""The reconciler's turn at the audit: chains verified and their ends told, by several copies at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from backups.models import AuditHead
from backups.models import Event as Act
from backups.operations import audit, reconciling, verification
from backups.queries import chain
from tests.fixtures.cast import NOW


@pytest.fixture
def heads(payments, storefront) -> list[AuditHead]:
    """Two teams with an event each."""
    for team in (payments, storefront):
        audit.record("team_changed", team_id=team.pk, at=NOW)
    return list(AuditHead.objects.order_by("pk"))


def test_a_turn_verifies_every_chain_and_tells_every_end(heads):
    verification.take_turn(at=NOW)
    for head in AuditHead.objects.all():
        assert (head.exported_number, head.exported_at) == (1, NOW)
        assert (head.verified_number, head.verified_whole_at, head.damage) == (1, NOW, "")


def test_what_another_copy_has_just_verified_is_left_to_it(heads, monkeypatch):
    walked: list[int] = []

    def walk(team: int, **options):
        walked.append(team)
        AuditHead.objects.update(verified_at=NOW)
        return walk_on(team, **options)

    walk_on = chain.walk
    monkeypatch.setattr(chain, "walk", walk)
    verification.verify_due(at=NOW)
    assert walked == [heads[0].team_id]


def test_what_another_copy_has_just_told_is_not_told_again(heads, monkeypatch):
    told: list[str] = []

    def info(_event: str, *, team: str, **_values: object) -> None:
        told.append(team)
        AuditHead.objects.update(exported_at=NOW)

    monkeypatch.setattr(verification.logger, "info", info)
    verification.export_heads(at=NOW)
    assert told == [heads[0].team.slug]


def test_a_broken_chain_stays_broken_though_what_came_later_is_sound(heads):
    verification.take_turn(at=NOW)
    AuditHead.objects.update(broken_at=NOW, broken_number=1, damage="edited")
    audit.record("team_changed", team_id=heads[0].team_id, at=NOW)
    verification.verify_due(at=NOW + timedelta(minutes=5))
    head = AuditHead.objects.get(pk=heads[0].pk)
    assert (head.verified_number, head.damage) == (2, "edited")


def test_a_reader_sees_the_events_of_the_own_teams(heads, dba, payments):
    assert {act.team for act in Act.objects.visible_to(dba)} == {payments}


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_is_still_being_taken_is_not_begun_again():
    taken: list[int] = []
    may_end = Event()

    def take(number: int) -> None:
        taken.append(number)
        may_end.wait(30)

    with ThreadPoolExecutor(2) as pool:
        rounds = reconciling.Rounds(pool)
        for number in range(2):
            rounds.also("audit", partial(take, number))
        may_end.set()
        rounds.finish()
        rounds.also("audit", partial(take, 2))
        rounds.finish()
    assert taken == [0, 2]
