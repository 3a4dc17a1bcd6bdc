"""The audit as its page and its export read it: a team's events, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from backups.models import AuditHead, Event, Team, User
from backups.models.audit import EventQuerySet
from backups.queries import verbs

PAGE_SIZE = 50
CHUNK = 2000
SAFEPOINT = "-"
"""In place of a user name: what nobody but Safepoint itself did."""

COLUMNS = (
    *("team", "team__name", "number", "at", "verb", "data", "from_status", "to_status", "address", "mac"),
    *("actor__username", "actor__first_name", "actor__last_name"),
    *("backup__name", "backup__instance__name", "project__name"),
)


class CursorError(ValueError):
    """A page cursor that this module did not make."""


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which part of the audit is wanted; empty means all."""

    team: str = ""
    person: str = ""
    verb: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event in words. No actor: Safepoint itself."""

    event: Event
    title: str
    tone: str
    detail: str

    @property
    def key(self) -> str:
        """The cursor that continues after this row."""
        return f"{self.event.at.isoformat()}_{self.event.pk}"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of rows, and the cursor of the next page or None."""

    rows: list[AuditRow]
    next_before: str | None


def page(user: User, *, filters: AuditFilters, before: str | None = None) -> AuditPage:
    """Up to 50 events that `user` may see, newest first, after the cursor `before`: two queries.

    Raises `CursorError` for a cursor that is not ours.
    """
    found = _filtered(user, filters)
    if before:
        found = found.filter(_after(before))
    rows = [_row(event) for event in found[: PAGE_SIZE + 1]]
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return AuditPage(rows, rows[-1].key if has_more else None)


def every(user: User, *, filters: AuditFilters) -> Iterator[AuditRow]:
    """All of them, however many: read from the server bit by bit."""
    return (_row(event) for event in _filtered(user, filters).iterator(CHUNK))


def people(user: User) -> list[User]:
    """Who did anything in the teams of `user`."""
    theirs = Event.objects.visible_to(user).filter(actor=OuterRef("pk"))
    return sorted(User.objects.filter(Exists(theirs)), key=lambda person: person.display_name.casefold())


def heads(user: User) -> list[AuditHead]:
    """How the chains of the teams of `user` stood when they were last verified."""
    mine = AuditHead.objects.filter(team__in=Team.objects.visible_to(user))
    return list(mine.select_related("team").order_by("team__name"))


def _filtered(user: User, filters: AuditFilters) -> EventQuerySet:
    teams = Team.objects.visible_to(user)
    if filters.team:
        teams = teams.filter(slug=filters.team)
    # A plain list of teams lets the index on (team, at, id) answer.
    found = Event.objects.filter(team__in=list(teams.values_list("pk", flat=True)))
    if filters.person:
        is_theirs = Q(actor=None) if filters.person == SAFEPOINT else Q(actor__username=filters.person)
        found = found.filter(is_theirs)
    if filters.verb:
        found = found.filter(verb=filters.verb)
    if filters.since:
        found = found.filter(at__gte=filters.since)
    if filters.before:
        found = found.filter(at__lt=filters.before)
    found = found.select_related("team", "actor", "backup__instance", "project")
    return found.only(*COLUMNS).order_by("-at", "-id")


def _row(event: Event) -> AuditRow:
    return AuditRow(event, verbs.title(event.verb), verbs.tone(event.verb), verbs.detail(event))


def _after(cursor: str) -> Q:
    moment, _, pk = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise ValueError("not ours")
    except ValueError as error:
        raise CursorError(cursor) from error
    return Q(at__lt=at) | Q(at=at, id__lt=int(pk))
