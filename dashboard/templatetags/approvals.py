"""How much waits for the reader's word."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups.models import User
from dashboard.templatetags import desk
from dashboard.templatetags.health import surroundings_of

register = template.Library()

MOST = 99
NAMED = 5
SOON = timedelta(hours=1)


@register.simple_tag(takes_context=True)
def waiting_for(context: template.Context, user: User) -> str:
    """How many requests the reader may decide now, as the badge shows it; empty where there are none."""
    found = surroundings_of(context, user).to_decide
    return f"{MOST}+" if found > MOST else str(found or "")


@register.filter
def one_of(people: Sequence[str]) -> str:
    """Names to choose among: "Lea, Tom or Ann"; of many the first few."""
    return _joined(people, _("%(people)s or %(last)s"))


@register.filter
def all_of(people: Sequence[str]) -> str:
    """Names together: "Lea, Tom and Ann"; of many the first few."""
    return _joined(people, _("%(people)s and %(last)s"))


def _joined(people: Sequence[str], form: str) -> str:
    names, others = list(people[:NAMED]), len(people) - NAMED
    if others > 0:
        names.append(ngettext("%(count)d other", "%(count)d others", others) % {"count": others})
    return form % {"people": ", ".join(names[:-1]), "last": names[-1]} if len(names) > 1 else "".join(names)


@register.simple_tag
def deadline(value: datetime) -> SafeString:
    """A deadline on the reader's own clock, and how far it is: both in words, for a phone shows no hover."""
    local = timezone.localtime(value)
    wall = f"{local:%Y-%m-%d %H:%M} {local.isoformat()[-6:]}"
    is_near = timezone.now() + SOON > value
    told = format_html(
        '<span class="nowrap">{}</span> <span class="nowrap">({})</span>', wall, desk.moment(value)
    )
    return format_html(
        '<span class="deadline" data-tone="{}">{}</span>', "bad" if is_near else "neutral", told
    )
