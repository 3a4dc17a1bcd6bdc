"""Who did what: an event joins its team's chain in the transaction of the act itself.

    @audit.act
    def close(backup, *, by, at):
        ...                                         # locks and writes
        audit.record("closed", team_id=..., at=at, by=by, backup=backup)

The end of a chain is one row, which all of a team's acts must take one after the other. An act that took
it at its first event would hold it while waiting for other rows, and two such acts could wait for each other.
So events are collected, and written when everything else of the outermost act is done (`_write`).
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, overload

from django.db import connection, transaction

from backups.models import AuditHead, Backup, Event, Project, User
from backups.operations import callers, outbox
from backups.queries import marks
from backups.secrecy.chain import plain

P = ParamSpec("P")
R = TypeVar("R")

HOLD = """
WITH held_teams AS MATERIALIZED (
    SELECT 1 FROM backups_team WHERE id = ANY(%(teams)s) ORDER BY id FOR KEY SHARE
), held_users AS MATERIALIZED (
    SELECT 1 FROM backups_user WHERE id = ANY(%(users)s) ORDER BY id FOR KEY SHARE
), held_projects AS MATERIALIZED (
    SELECT 1 FROM backups_project WHERE id = ANY(%(projects)s) ORDER BY id FOR KEY SHARE
), held_backups AS MATERIALIZED (
    SELECT 1 FROM backups_backup WHERE id = ANY(%(backups)s) ORDER BY id FOR KEY SHARE
)
SELECT (SELECT count(*) FROM held_teams), (SELECT count(*) FROM held_users),
       (SELECT count(*) FROM held_projects), (SELECT count(*) FROM held_backups)
"""


class ChainError(Exception):
    """The audit cannot be written as it must be, so the act does not happen."""


@overload
def act() -> AbstractContextManager[None]: ...
@overload
def act(function: Callable[P, R]) -> Callable[P, R]: ...
def act(function: Callable[P, R] | None = None) -> AbstractContextManager[None] | Callable[P, R]:
    """A transaction that records events, as decorator or context manager: instead of `transaction.atomic`.

    An act within an act joins it, and takes its events along when it fails. The outermost one must be the
    outermost transaction too, since COMMIT has to follow the writing of the events at once: Django refuses
    anything else with RuntimeError.
    """
    return _act() if function is None else _act()(function)


def record(
    verb: str,
    *,
    team_id: int,
    at: datetime,
    by: User | None = None,
    backup: Backup | None = None,
    project: Project | None = None,
    from_status: str = "",
    to_status: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Have an event written with the act that this is part of, or as an act of its own."""
    event = Event(
        team_id=team_id,
        at=at,
        actor=by,
        verb=verb,
        backup=backup,
        project=project,
        from_status=from_status,
        to_status=to_status,
        data=plain(data or {}),
    )
    if _acts.open:
        _collect(event)
    else:
        with act():
            _collect(event)


def record_all(events: Sequence[Event]) -> None:
    """Have many events written in this order, as `record` does one by one."""
    with act():
        for event in events:
            event.data = plain(event.data)
            _collect(event)


@dataclass(slots=True)
class _Open:
    """An act that has not ended: where it stands among the savepoints, and its events so far."""

    savepoints: list[str | None]
    events: list[Event] = field(default_factory=list)


class _Acts(threading.local):
    """The acts that this thread is in, outermost first; a thread has one connection."""

    def __init__(self) -> None:
        self.open: list[_Open] = []


_acts = _Acts()


@contextmanager
def _act() -> Iterator[None]:
    is_outermost = not _acts.open
    with transaction.atomic(durable=is_outermost):
        mine = _Open([*connection.savepoint_ids])
        _acts.open.append(mine)
        try:
            yield
        finally:
            _acts.open.pop()
        if connection.needs_rollback:
            return
        if is_outermost:
            _write(mine.events)
        else:
            _acts.open[-1].events += mine.events


def _collect(event: Event) -> None:
    mine = _acts.open[-1]
    if mine.savepoints != connection.savepoint_ids:
        raise ChainError(
            "an event within transaction.atomic within an act would outlive its rollback: use act"
        )
    event.address = callers.address()
    mine.events.append(event)


def _write(events: Sequence[Event]) -> None:
    """Append `events` to the chains of their teams; COMMIT must follow, and waits for nobody.

    1. Check every deferred foreign key now, and hold what the events point at: from here on the only locks
       still to be waited for are the heads'.
    2. Lock the heads in the order of their teams, so that no circle of waiting can come to be.
    3. Number and mark the events, insert them, with the notices of them, and move the heads.
    """
    if not events:
        return
    connection.check_constraints()
    _hold(events)
    heads = _lock_heads({event.team_id for event in events})
    keys = marks.keys()
    for event in events:
        head = heads[event.team_id]
        head.number += 1
        mark = keys.mark(event.link(number=head.number, previous=head.mac))
        event.number, event.mac_key, event.mac = head.number, mark.key, mark.mac
        head.mac = mark.mac
    Event.objects.bulk_create(events, batch_size=1000)
    outbox.write(events)
    for head in heads.values():
        seal = keys.mark(head.end())
        AuditHead.objects.filter(pk=head.pk).update(
            number=head.number, mac=head.mac, seal_key=seal.key, seal=seal.mac
        )


def _hold(events: Sequence[Event]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            HOLD,
            {
                "teams": list({event.team_id for event in events}),
                "users": list({event.actor_id for event in events if event.actor_id}),
                "projects": list({event.project_id for event in events if event.project_id}),
                "backups": list({event.backup_id for event in events if event.backup_id}),
            },
        )


def _lock_heads(teams: set[int]) -> dict[int, AuditHead]:
    locked = AuditHead.objects.select_for_update(no_key=True).filter(team__in=teams).order_by("team_id")
    heads = {head.team_id: head for head in locked}
    if missing := teams - set(heads):
        raise ChainError(f"the end of the audit chain of team {missing} is gone: run manage.py verify_audit")
    return heads
