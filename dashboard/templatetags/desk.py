"""How the desk shows a status, a moment, a size and a duration."""

import json
from datetime import datetime, timedelta

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backups.contract.statuses import instance_is_available
from backups.models import Event, Notice, Status
from backups.queries import letters
from dashboard.templatetags.icons import heroicon_mini

register = template.Library()

LOOKS: dict[str, tuple[str, str]] = {
    Status.AWAITING_APPROVAL: ("waiting", "hand-raised"),
    Status.QUEUED: ("waiting", "clock"),
    Status.SUBMITTING: ("busy", "arrow-up-tray"),
    Status.UNCONFIRMED: ("waiting", "question-mark-circle"),
    Status.BUILDING: ("busy", "arrow-path"),
    Status.COMPLETED: ("good", "check-circle"),
    Status.AVAILABLE: ("good", "check-circle"),
    Status.FAILED: ("bad", "x-circle"),
    Status.REFUSED: ("bad", "no-symbol"),
    Status.REJECTED: ("bad", "hand-thumb-down"),
    Status.EXPIRED: ("neutral", "clock"),
    Status.CANCELLED: ("neutral", "minus-circle"),
    Status.VANISHED: ("bad", "eye-slash"),
    Status.DELETING: ("busy", "trash"),
    Status.DELETED: ("neutral", "trash"),
    Status.UNKNOWN: ("neutral", "question-mark-circle"),
}
"""The tone and the shape of each status: colour alone never tells."""


@register.simple_tag
def status(value: str) -> SafeString:
    """A status as colour, shape and word."""
    tone, icon = LOOKS[value]
    shape = heroicon_mini(icon, size=16, **{"class": "icon", "aria-hidden": "true"})
    return format_html('<span class="status" data-tone="{}">{}{}</span>', tone, shape, Status(value).label)


@register.filter
def tells_of(notice: Notice) -> str:
    """What a notice tells of, in few words."""
    return letters.title(notice)


@register.filter
def change(event: Event | None) -> str:
    """From which status to which an event led, in words; nothing where it changed none."""
    told = (event.from_status, event.to_status) if event and event.to_status else ()
    return " → ".join(str(Status(each).label) for each in told if each)


@register.filter
def tone(value: str) -> str:
    """The tone of a status, as a timeline knows it."""
    return LOOKS[value][0]


@register.filter
def is_available(status: str) -> bool:
    """Whether the cloud takes a backup of an instance in this state."""
    return instance_is_available(status)


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """A time told relatively, with the exact time and its offset on hover."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        local.isoformat(timespec="seconds"),
        exact(value),
        naturaltime(value),
    )


@register.simple_tag
def lasting(since: datetime | None) -> SafeString | str:
    """How long something has lasted by now, counted on by the page; the exact begin on hover."""
    if since is None:
        return ""
    counted = format_html(
        '<span data-elapsed-from="{}" title="{}">{}</span>',
        timezone.localtime(since).isoformat(timespec="seconds"),
        exact(since),
        duration(max(timezone.now() - since, timedelta(0))),
    )
    return format_html('<span class="muted nowrap">{}</span>', format_html(_("for {}"), counted))


@register.filter
def exact(value: datetime) -> str:
    """A time to the second in the reader's zone, with its offset."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S %z}"


@register.filter
def size(megabytes: float | None) -> str:
    """A size in GB, or in MB below one."""
    if megabytes is None:
        return "–"
    if megabytes < 1024:
        return _("%(size)s MB") % {"size": floatformat(megabytes, 0)}
    return _("%(size)s GB") % {"size": floatformat(megabytes / 1024, 1)}


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """A duration in hours and minutes, minutes and seconds, or milliseconds."""
    if seconds is None:
        return "–"
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    if 0 < seconds < 1:
        return _("%(milliseconds)d ms") % {"milliseconds": round(seconds * 1000)}
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes >= 10:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)d s") % {"seconds": rest}


@register.filter
def roughly(seconds: float) -> str:
    """An estimate, not finer than it can be: minutes, or tens of seconds below two minutes."""
    step = 60 if seconds >= 120 else 10
    rounded = max(round(seconds / step), 1) * step
    return _("%(minutes)d min") % {"minutes": rounded // 60} if 120 <= rounded < 3600 else duration(rounded)


@register.filter
def skew(seconds: float) -> str:
    """How far this machine's clock is from another."""
    if seconds > 0:
        return _("%(time)s ahead of the cloud’s") % {"time": duration(seconds)}
    return _("%(time)s behind the cloud’s") % {"time": duration(-seconds)}


@register.filter
def until(begin: datetime | None, end: datetime | None) -> str:
    """How long it took from `begin` to `end`."""
    return duration(end - begin) if begin and end else "–"


@register.filter
def pretty(value: object) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)
