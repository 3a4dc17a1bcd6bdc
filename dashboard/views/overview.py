"""The first page: what runs, what waits for the reader, what went wrong, who is not covered, and the year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from uuid_utils.compat import uuid7

from backups.models import Backup, Team, User
from backups.operations import glass, rights
from backups.queries import approvers, changes, consent, coverage, history, horizon, overview, summaries
from backups.queries.history import HistoryFilters
from dashboard import calendars, live
from dashboard.people import reader

RECENT = 8
WHOLE_SECONDS = 60
"""So often a page also asks for what changes with the time alone, such as who is covered."""


@dataclass(frozen=True, slots=True)
class Task:
    """What waits for the reader: its kind, the backup, and until when or since when."""

    kind: str
    backup: Backup
    at: datetime


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The answers, the calendar of a year, and the newest backups."""
    user, now, mark, since = reader(request), timezone.now(), uuid7(), horizon.now()
    teams = _teams(user)
    page = history.page(user, filters=HistoryFilters())
    today = now.astimezone(UTC).date()
    days = summaries.of_teams(teams, since=calendars.first_day(today))
    context = _answers(user, teams, at=now) | {
        "section": "overview",
        "rows": page.rows[:RECENT],
        "calendar": calendars.year(days, today=today),
        "since": since,
        "mark": mark,
    }
    if not page.rows:
        context |= {"beginning": overview.beginning(user), "may": _may(user)}
    return render(request, "overview/overview.html", context)


@require_GET
def show_changes(request: HttpRequest) -> HttpResponse:
    """The answers again if they are others than the page shows, with the rows that changed; else 204.

    A poll reads what changed in the history. Once a minute it also looks at all that changes by itself.
    """
    user, now, seen = reader(request), timezone.now(), live.since_of(request)
    if seen is None:
        return live.nothing_new()
    told = changes.since(user, seen=seen)
    is_moving = request.GET.get("pace") == str(live.MOVING_SECONDS)
    if told is None and now.timestamp() % WHOLE_SECONDS >= live.Poll(0, "", is_moving, "").seconds:
        return live.nothing_new()
    teams = _teams(user)
    answers = _answers(user, teams, at=now)
    if told is None and request.GET.get("seen") == answers["digest"]:
        return live.nothing_new()
    today, mark = now.astimezone(UTC).date(), _mark(request)
    day = summaries.of_teams(teams, since=today).get(today, summaries.Day(today))
    context = answers | {
        "changed": told.rows if told else [],
        "newer": overview.newer_than(teams, mark) if mark else 0,
        "today": calendars.cell(day, today=today),
        "since": told.since if told else seen,
        "mark": mark,
    }
    return render(request, "overview/overview.html#changes", context)


def _teams(user: User) -> list[int]:
    return list(Team.objects.visible_to(user).values_list("pk", flat=True))


def _answers(user: User, teams: list[int], *, at: datetime) -> dict[str, Any]:
    """The four answers, a digest of them, and how soon to ask again."""
    running, troubles = overview.in_short(teams, at=at)
    stand, tasks = coverage.summary(user, at=at), _tasks(user, at=at)
    asked = list(consent.asked_by(user).select_related("instance")[: overview.MOST])
    mine = [Task("asked", backup, backup.approve_by) for backup in asked if backup.approve_by]
    seen = [
        [(row.id, row.revision) for row in (*running.rows, *(each.row for each in troubles.shown))],
        [(task.kind, task.backup.pk) for task in (*tasks, *mine)],
        (
            stand,
            running.busy,
            running.queued,
            troubles.failed,
            troubles.to_look_at,
            [t.is_mended for t in troubles.shown],
        ),
    ]
    return {
        "now": at,
        "running": running,
        "troubles": troubles,
        "tasks": [*tasks, *mine][: overview.SHOWN],
        "coverage": stand,
        "not_covered": stand.never + stand.uncovered,
        "to_do": len(tasks),
        "asked": len(asked),
        "digest": sha256(repr(seen).encode()).hexdigest()[:16],
        "pace": live.MOVING_SECONDS if running.busy or running.queued else live.QUIET_SECONDS,
    }


def _tasks(user: User, *, at: datetime) -> list[Task]:
    """What the reader may do now, the most urgent first. A decision is due since it was asked for."""
    to_settle = overview.to_settle(team.pk for team in rights.teams_where(user, "settle"))
    kinds: dict[str, tuple[Iterable[Backup], str]] = {
        "settle": (to_settle, "needs_decision_at"),
        "approve": (approvers.to_decide(user, at=at), "approve_by"),
        "review": (glass.to_review(user), "review_by"),
    }
    tasks = [
        Task(kind, backup, getattr(backup, due))
        for kind, (found, due) in kinds.items()
        for backup in found.select_related("instance")[: overview.MOST]  # type: ignore[attr-defined]
    ]
    return sorted(tasks, key=lambda task: task.at)


def _may(user: User) -> dict[str, bool]:
    """What a reader without any backup may do next."""
    return {
        "enter": bool(rights.teams_where(user, "manage_projects")),
        "ask": bool(rights.teams_where(user, "create_backup")),
    }


def _mark(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("mark", ""))
    except ValueError:
        return None
