"""What was decided in a team, in keyset pages."""

from dataclasses import dataclass
from uuid import UUID

from backups.models import Decision, Team

PAGE_SIZE = 50


class CursorError(ValueError):
    """A page cursor that this module did not make."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A page of decisions, and the cursor of the next page or None."""

    rows: list[Decision]
    next_before: str | None


def page(team: Team, *, backup: UUID | None = None, before: str | None = None) -> DecisionPage:
    """Up to 50 decisions on backups of `team`, newest first, after the cursor `before`: one query.

    Their ids are in the order of their making. Raises `CursorError` for a cursor that is not ours.
    """
    found = Decision.objects.filter(backup__team=team).select_related("backup", "person", "voice")
    if backup:
        found = found.filter(backup=backup)
    if before:
        found = found.filter(pk__lt=_read(before))
    rows = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return DecisionPage(rows, str(rows[-1].pk) if has_more else None)


def _read(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise CursorError(cursor) from error
