"""What an event of the coverage says, in words for a person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups.models import Environment, Event

LOST, AT_RISK, RESTORED = "coverage_lost", "coverage_at_risk", "coverage_restored"
NAMED = 10


def opening(event: Event) -> str:
    """What happened to how many, as the first sentence of a letter."""
    count = int(event.data.get("count", 0))
    told = {
        LOST: ngettext(
            "%(count)d instance has no good backup within its target",
            "%(count)d instances have no good backup within their targets",
            count,
        ),
        AT_RISK: ngettext(
            "%(count)d instance will soon miss its target",
            "%(count)d instances will soon miss their targets",
            count,
        ),
        RESTORED: ngettext(
            "%(count)d instance is covered again", "%(count)d instances are covered again", count
        ),
    }
    return told[event.verb] % {"count": count}


def instances(data: dict[str, Any]) -> str:
    """The names of the instances that changed; of many the first few."""
    names = [str(each["name"]) for each in data["instances"]]
    shown = ", ".join(names[:NAMED])
    if others := len(names) - NAMED if len(names) > NAMED else 0:
        shown += " " + ngettext("and %(count)d other", "and %(count)d others", others) % {"count": others}
    return shown


def targets(data: dict[str, Any]) -> str:
    """From which to which hours, by environment."""
    environments = dict(Environment.choices) | {"": _("all others")}
    return ", ".join(
        f"{environments[environment]}: {_hours(old)} → {_hours(new)}"
        for environment, (old, new) in sorted(data.items(), key=lambda item: [*environments].index(item[0]))
    )


def _hours(hours: int | None) -> str:
    return _("none") if hours is None else _("%(hours)d h") % {"hours": hours}
