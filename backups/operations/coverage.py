"""Telling a team whose instances are no longer covered, or are covered again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection

from backups.models import Coverage, Event, Instance
from backups.operations import audit, pulses
from backups.queries import coverage
from backups.queries.coverage import Change
from backups.queries.coverage_words import AT_RISK, LOST, RESTORED

LOOK_EVERY = timedelta(minutes=1)
TELL_EVERY = timedelta(minutes=30)
"""A team hears of a change within a minute, and then of all that come later at once: no storm of letters."""

PER_EVENT = 200
"""How many instances one event names; of more that change at once the first event alone is told of."""

COVERAGE_LOCK = 7_304


def take_turn(*, at: datetime) -> None:
    """What the reconciler does for the coverage, as often as it likes."""
    if pulses.claim(pulses.COVERAGE, every=LOOK_EVERY, at=at):
        tell(at=at)


@audit.act
def tell(*, at: datetime) -> None:
    """Write down how instances stand whose team was told otherwise, with an event for each kind of change.

    1. One process at a time. A team that was told a while ago is left for later, and so is an instance that
       somebody writes just now: what is stored says what was told, so nothing is forgotten.
    2. An instance that is new here has the time of its target to get its first backup.
    3. The first good news of an instance is no news.
    """
    if not _is_ours():
        return
    told_lately = Event.objects.filter(verb__in=(LOST, AT_RISK, RESTORED), at__gt=at - TELL_EVERY)
    resting = set(told_lately.values_list("team_id", flat=True))
    changes = _held([change for change in coverage.changes(at=at) if change.team_id not in resting])
    for state in Coverage:
        became = [change.id for change in changes if change.state == state]
        if became:
            Instance.objects.filter(pk__in=became).update(coverage=state)
    audit.record_all(list(_events(changes, at)))


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COVERAGE_LOCK])
        return bool(cursor.fetchone()[0])


def _held(changes: Sequence[Change]) -> list[Change]:
    """Those to write now, their rows locked."""
    ripe = {change.id for change in changes if change.told or change.is_known or _is_well(change)}
    rows = Instance.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=ripe)
    held = set(rows.values_list("pk", flat=True))
    return [change for change in changes if change.id in held]


def _is_well(change: Change) -> bool:
    return change.state in (Coverage.COVERED, Coverage.AT_RISK)


def _verb(change: Change) -> str:
    """What the change is told as; empty: it is not told."""
    if _is_well(change) and not change.told:
        return ""
    if (change.told, change.state) == (Coverage.NEVER, Coverage.UNCOVERED):
        return ""
    return {Coverage.COVERED: RESTORED, Coverage.AT_RISK: AT_RISK}.get(change.state, LOST)


def _events(changes: Sequence[Change], at: datetime) -> Iterator[Event]:
    for verb in (LOST, AT_RISK, RESTORED):
        of_verb = [change for change in changes if _verb(change) == verb]
        for team in dict.fromkeys(change.team_id for change in of_verb):
            theirs = [_told(change) for change in of_verb if change.team_id == team]
            for part, begin in enumerate(range(0, len(theirs), PER_EVENT), 1):
                data = {"count": len(theirs), "part": part, "instances": theirs[begin : begin + PER_EVENT]}
                yield Event(team_id=team, at=at, verb=verb, data=data)


def _told(change: Change) -> dict[str, str]:
    return {"name": change.name, "id": change.cloud_id, "was": change.told, "is": change.state.value}
