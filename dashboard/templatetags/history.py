"""The lines of the history as ready strings: what every line repeats is made once (docs/decisions)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backups.models import Source, Status
from backups.queries.history import BackupRow
from dashboard.templatetags import desk

register = template.Library()

NOWHERE = UUID(int=0)
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows, ready. `row` for the few lines that have more to tell."""

    row: BackupRow
    id: str
    href: str
    instance_href: str
    status: SafeString
    has_more: bool
    started: SafeString
    took: str
    size: str
    by: str
    is_person: bool
    choice: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines, and what stands at the edge of each cell where there is no room for a head."""

    lines: list[Line]
    labels: dict[str, str]


@register.simple_tag
def lines(rows: Iterable[BackupRow] | BackupRow, choosable: Collection[UUID] = ()) -> Lines:
    """The rows as ready lines; those of `choosable` can be ticked."""
    given = [rows] if isinstance(rows, BackupRow) else list(rows)
    backup = reverse("backup-detail", args=[NOWHERE]).partition(str(NOWHERE))
    instance = reverse("instance-detail", args=[NOWHERE]).partition(str(NOWHERE))
    now, language = timezone.now(), get_language() or ""
    made_by = {Source.AUTOMATIC: _("automatic policy"), Source.ELSEWHERE: _("made elsewhere")}
    return Lines(
        [
            Line(
                row=row,
                id=str(row.id),
                href=f"{backup[0]}{row.id}{backup[2]}",
                instance_href=f"{instance[0]}{row.instance_id}{instance[2]}",
                status=badge(row.status, language),
                has_more=bool(row.status in UNFINISHED or row.needs_decision or row.alarm),
                started=started(row.started, now, language),
                took=NOTHING if row.took is None else lasted(row.took.total_seconds(), language),
                size=NOTHING if row.size_mb is None else weight(row.size_mb, language),
                by=row.requested_by or made_by.get(Source(row.source), NOTHING),
                is_person=bool(row.requested_by),
                choice=f"{row.id}:{row.content_hash}" if choosable and row.id in choosable else "",
            )
            for row in given
        ],
        labels(language),
    )


UNFINISHED = frozenset({Status.BUILDING, Status.SUBMITTING, Status.UNCONFIRMED, Status.QUEUED})
"""Lines with more in their status than the badge: progress, or what the cloud says."""


@lru_cache
def labels(language: str) -> dict[str, str]:
    """The words at the edge of the cells."""
    return {
        "status": _("Status"),
        "name": _("Name"),
        "instance": _("Instance"),
        "started": _("Started"),
        "took": _("Took"),
        "size": _("Size"),
        "by": _("By"),
        "approved": _("Approved by"),
    }


@lru_cache
def badge(status: str, language: str) -> SafeString:
    """A status as colour, shape and word, drawn once in each language."""
    return desk.status(status)


@lru_cache(4096)
def lasted(seconds: float, language: str) -> str:
    """A duration in words."""
    return desk.duration(seconds)


@lru_cache(4096)
def weight(megabytes: float, language: str) -> str:
    """A size in words."""
    return desk.size(megabytes)


def started(value: datetime, now: datetime, language: str) -> SafeString:
    """A time told relatively, with the exact time and its offset on hover."""
    local = timezone.localtime(value)
    exact = local.isoformat(sep=" ", timespec="seconds")
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        local.isoformat(timespec="seconds"),
        f"{exact[:19]} {exact[19:].replace(':', '')}",
        ago((now - value).total_seconds(), language),
    )


def ago(seconds: float, language: str) -> str:
    """How long ago, or how soon, in the largest unit that fits: as the page goes on to count."""
    unit, size = next(((name, size) for name, size in UNITS if abs(seconds) >= size), UNITS[-1])
    return _told(unit, int(abs(seconds) // size), language, is_past=seconds >= 0)


UNITS = (
    ("year", 31_557_600),
    ("month", 2_629_800),
    ("week", 604_800),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)
"""As static/js/times.js has them: nothing moves when the page takes over."""


@lru_cache(1024)
def _told(unit: str, count: int, language: str, *, is_past: bool) -> str:
    words: dict[str, Any] = {
        "year": ngettext("%(count)d year", "%(count)d years", count),
        "month": ngettext("%(count)d month", "%(count)d months", count),
        "week": ngettext("%(count)d week", "%(count)d weeks", count),
        "day": ngettext("%(count)d day", "%(count)d days", count),
        "hour": ngettext("%(count)d hour", "%(count)d hours", count),
        "minute": ngettext("%(count)d minute", "%(count)d minutes", count),
        "second": ngettext("%(count)d second", "%(count)d seconds", count),
    }
    span = words[unit] % {"count": count}
    return (_("%(span)s ago") if is_past else _("in %(span)s")) % {"span": span}
