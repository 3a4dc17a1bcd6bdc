"""The lines of the history, fast: a template costs more than the query that it shows (docs/decisions/0009).

Most lines differ in their words only. `_line.html` is drawn once for each shape that such a line can have,
with marks in place of the words; then a line is that drawing with its words put in, escaped as ever. A line
with more to tell (progress, an alarm, a change) is drawn by the template itself. Lines that were read lately
are kept: the same row in the same words is the same line.
"""

from collections.abc import Iterable
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backups.models import Source
from backups.queries.history import BackupRow
from dashboard.templatetags import desk

register = template.Library()

NOWHERE = UUID(int=0)
NOTHING = "–"
FLAGS = ("can_choose", "of_instance", "oob", "wanted", "odd")
KEPT_LINES = 4096
"""A line and its row take two kilobytes."""


class Page(NamedTuple):
    """What all lines of a page share; `odd`: how its one line is out of the usual."""

    can_choose: bool
    of_instance: bool
    oob: bool
    wanted: Any
    odd: Any
    language: str
    zone: tzinfo


class Line(NamedTuple):
    """The words of a line, ready.

    `said`: what it waits for, or what the cloud said; `choice`: what ticking it sends, if it can be ticked.
    """

    id: str
    href: str
    name: str
    status: str
    instance_href: str
    instance: str
    environment: str
    team: str
    at: str
    exact: str
    ago: str
    took: str
    size: str
    by: str
    made_by: str
    approved_by: str
    said: str
    choice: str


OPTIONAL = ("environment", "by", "made_by", "approved_by", "said", "choice")
"""What a line may lack: which of them it has is its shape."""


@register.simple_tag(takes_context=True)
def history_lines(context: template.Context, rows: Iterable[BackupRow] | BackupRow) -> SafeString:
    """The rows as lines of a table; those whose id is in the page's `choosable` can be ticked."""
    given = [rows] if isinstance(rows, BackupRow) else rows
    choosable = context.get("choosable") or ()
    flags = {name: context.get(name) or False for name in FLAGS}
    page = Page(**flags, language=get_language() or "", zone=timezone.get_current_timezone())
    now = timezone.now()
    drawn = [
        _drawn(row, ago((now - row.started).total_seconds(), page.language), row.id in choosable, page)
        for row in given
    ]
    return format_html("\n".join(["{}"] * len(drawn)), *drawn)


def _drawn(row: BackupRow, told_ago: SafeString, can_tick: bool, page: Page) -> SafeString:
    percent, left = row.progress_percent, row.seconds_left
    pace = None if percent is None else (percent, desk.roughly(left) if left else "")
    return _kept(row, told_ago, can_tick, pace, page)


@lru_cache(KEPT_LINES)
def _kept(row: BackupRow, told_ago: SafeString, can_tick: bool, pace: Any, page: Page) -> SafeString:
    """A line; `pace`, how far a running backup is by now, is a part of what it is kept under."""
    line = _line(row, told_ago, can_tick, page)
    has_drifted = bool(row.cloud_name or row.gone_at)
    has_more = pace or row.unknown_status or row.alarm or row.needs_decision
    if page.oob or page.wanted or page.odd or has_drifted or has_more:
        more = {"line": line, "row": row, "label": labels(page.language)}
        return render_to_string("backups/_line.html", page._asdict() | more)
    shape = tuple(bool(getattr(line, name)) for name in OPTIONAL)
    drawn = drawing(shape, bool(page.can_choose), bool(page.of_instance), page.language)
    return format_html(drawn, *line)


@cache
def drawing(shape: tuple[bool, ...], can_choose: bool, of_instance: bool, language: str) -> str:
    """A plain line of this shape, as a format string that takes the words in the order of `Line`."""
    has = dict(zip(OPTIONAL, shape, strict=True))
    marked = Line(
        *(f"\x02{number}\x03" if has.get(name, True) else "" for number, name in enumerate(Line._fields))
    )
    page = {"line": marked, "can_choose": can_choose, "of_instance": of_instance, "label": labels(language)}
    drawn = render_to_string("backups/_line.html", page)
    return drawn.replace("{", "{{").replace("}", "}}").replace("\x02", "{").replace("\x03", "}")


def said(row: BackupRow) -> str:
    """What it waits for, or what went wrong, in short: the cloud's code and its words."""
    if row.waits_for:
        return _("waits for %(name)s") % {"name": row.waits_for}
    if not row.error_message:
        return ""
    words = Truncator(row.error_message).chars(90)
    return f"{row.error_code}: {words}" if row.error_code else words


def _line(row: BackupRow, told_ago: SafeString, can_tick: bool, page: Page) -> Line:
    pk, at = str(row.id), row.started.astimezone(page.zone).isoformat(timespec="seconds")
    made_by = {Source.AUTOMATIC.value: _("automatic policy"), Source.ELSEWHERE.value: _("made elsewhere")}
    return Line(
        id=pk,
        href=pk.join(place("backup-detail")),
        name=row.name,
        status=badge(row.status, page.language),
        instance_href=str(row.instance_id).join(place("instance-detail")),
        instance=row.instance_name,
        environment=row.environment,
        team=row.team_name,
        at=at,
        exact=f"{at[:10]} {at[11:19]} {at[19:].replace(':', '')}",
        ago=told_ago,
        took=NOTHING if row.took is None else lasted(row.took.total_seconds(), page.language),
        size=NOTHING if row.size_mb is None else weight(row.size_mb, page.language),
        by=row.requested_by,
        made_by="" if row.requested_by else made_by.get(row.source, NOTHING),
        approved_by=row.approved_by,
        said=said(row),
        choice=f"{pk}:{row.content_hash}" if can_tick else "",
    )


@cache
def place(name: str) -> tuple[str, str]:
    """What stands before and after the id in the addresses of this name."""
    before, _, after = reverse(name, args=[NOWHERE]).partition(str(NOWHERE))
    return before, after


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
def lasted(seconds: float, language: str) -> SafeString:
    """A duration in words."""
    return conditional_escape(desk.duration(seconds))


@lru_cache(4096)
def weight(megabytes: float, language: str) -> SafeString:
    """A size in words."""
    return conditional_escape(desk.size(megabytes))


def ago(seconds: float, language: str) -> SafeString:
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
def _told(unit: str, count: int, language: str, *, is_past: bool) -> SafeString:
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
    return conditional_escape((_("%(span)s ago") if is_past else _("in %(span)s")) % {"span": span})
