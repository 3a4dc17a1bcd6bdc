"""How the desk shows who is covered."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backups.models import Coverage, Environment
from backups.models.coverage import DEFAULT_TARGET_HOURS
from backups.operations.targets import ENVIRONMENTS
from backups.queries.coverage import Summary
from dashboard.templatetags.icons import heroicon_mini

register = template.Library()

LOOKS: dict[str, tuple[str, str]] = {
    Coverage.NEVER: ("bad", "no-symbol"),
    Coverage.UNCOVERED: ("bad", "shield-exclamation"),
    Coverage.AT_RISK: ("waiting", "exclamation-triangle"),
    Coverage.COVERED: ("good", "shield-check"),
}
"""The tone and the shape of each state, the worst first: colour alone never tells."""

LEAST_WIDTH = 0.6
"""Percent: what there is of a state is seen, however little."""


@register.simple_tag
def coverage_state(value: str) -> SafeString:
    """A state as colour, shape and word."""
    return _chip(value, get_language())


@cache
def _chip(value: str, _language: str | None) -> SafeString:
    """Made once for each language: a report has thousands of them."""
    tone, icon = LOOKS[value]
    shape = heroicon_mini(icon, size=16, **{"class": "icon", "aria-hidden": "true"})
    return format_html('<span class="status" data-tone="{}">{}{}</span>', tone, shape, Coverage(value).label)


@register.filter
def age(seconds: float | None) -> str:
    """How old data are: in hours and minutes, from two days on in days and hours."""
    if seconds is None:
        return "–"
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}


@register.filter
def targets(held: Mapping[str, int]) -> str:
    """A team's targets in words: "Production 12 h, all others 30 h"."""
    hours = {"": DEFAULT_TARGET_HOURS} | dict(held)
    if hours.keys() == {""}:
        return _("%(hours)d h") % {"hours": hours[""]}
    names = dict(Environment.choices) | {"": _("all others")}
    return ", ".join(
        _("%(environment)s %(hours)d h") % {"environment": names[each], "hours": hours[each]}
        for each in ENVIRONMENTS
        if each in hours
    )


@register.simple_tag
def states(summary: Summary) -> list[dict[str, Any]]:
    """Each state, the worst first, with its count, its share, and how it looks."""
    return [
        {
            "state": state,
            "label": Coverage(state).label,
            "tone": tone,
            "icon": icon,
            "count": getattr(summary, state),
            "percent": 100 * getattr(summary, state) / summary.total if summary.total else 0,
        }
        for state, (tone, icon) in LOOKS.items()
    ]


@register.inclusion_tag("coverage/_share.html")
def share(summary: Summary) -> dict[str, Any]:
    """A bar of how many stand how, the covered ones first; a table beside it holds the figures."""
    shown = [each for each in reversed(states(summary)) if each["count"]]
    whole = sum(max(each["percent"], LEAST_WIDTH) for each in shown)
    parts, x = [], 0.0
    for each in shown:
        width = 100 * max(each["percent"], LEAST_WIDTH) / whole
        parts.append({"state": each["state"], "x": round(x, 2), "width": round(width, 2)})
        x += width
    told = ", ".join(f"{each['label']}: {each['count']}" for each in shown)
    return {"parts": parts, "told": told or _("No instance")}
