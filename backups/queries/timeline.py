"""Everything that happened to one backup, told in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups.models import Backup, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `tone` is good, bad, waiting or neutral; no actor: Safepoint itself."""

    verb: str
    at: datetime
    title: str
    detail: str
    tone: str
    actor: str


TITLES: dict[str, tuple[Promise, str]] = {
    "requested": (gettext_lazy("Asked for"), "neutral"),
    "approved": (gettext_lazy("Approved"), "good"),
    "rejected": (gettext_lazy("Rejected"), "bad"),
    "decision_refused": (gettext_lazy("A decision was refused"), "bad"),
    "approval_void": (gettext_lazy("An approval is void"), "bad"),
    "expired": (gettext_lazy("Expired: nobody decided in time"), "bad"),
    "run_out": (gettext_lazy("Expired: it did not begin in time"), "bad"),
    "glass_broken": (gettext_lazy("Glass broken: runs without approval"), "bad"),
    "reviewed": (gettext_lazy("Reviewed"), "good"),
    "submitting": (gettext_lazy("Sent to the cloud"), "neutral"),
    "accepted": (gettext_lazy("Accepted by the cloud"), "good"),
    "found": (gettext_lazy("Found in the cloud’s list"), "good"),
    "completed": (gettext_lazy("Completed"), "good"),
    "failed": (gettext_lazy("Failed in the cloud"), "bad"),
    "refused": (gettext_lazy("Refused by the cloud"), "bad"),
    "later": (gettext_lazy("Told to come back later"), "waiting"),
    "not_sent": (gettext_lazy("The cloud was not reached"), "waiting"),
    "sign_in_failed": (gettext_lazy("The cloud did not accept the credential"), "bad"),
    "no_clear_answer": (gettext_lazy("No clear answer"), "waiting"),
    "lease_ended": (gettext_lazy("The worker did not come back"), "waiting"),
    "cancelled": (gettext_lazy("Cancelled"), "bad"),
    "in_doubt": (gettext_lazy("Looked for before it is sent"), "waiting"),
    "send_again_decided": (gettext_lazy("Decided: send again"), "waiting"),
    "sent_again": (gettext_lazy("Not found, so it is sent again"), "waiting"),
    "closed": (gettext_lazy("Closed without sending again"), "bad"),
    "vanished": (gettext_lazy("No longer in the cloud’s list"), "bad"),
    "alarm_duplicate": (gettext_lazy("Alarm: twice in the cloud"), "bad"),
    "alarm_went_back": (gettext_lazy("Alarm: changed after its end"), "bad"),
    "alarm_overdue": (gettext_lazy("Alarm: overdue"), "bad"),
    "alarm_seen": (gettext_lazy("Alarm seen"), "neutral"),
}


def of(backup: Backup) -> list[Entry]:
    """The events of `backup`, oldest first. One query."""
    events = Event.objects.filter(backup=backup).select_related("actor").order_by("id")
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    title, tone = TITLES.get(event.verb, (event.verb, "neutral"))
    describe = DETAILS.get(event.verb)
    return Entry(
        verb=event.verb,
        at=event.at,
        title=str(title),
        detail=describe(event.data) if describe else "",
        tone=tone,
        actor=event.actor.display_name if event.actor else "",
    )


def _attempt(data: dict[str, Any]) -> str:
    return _("Attempt %(attempt)s") % {"attempt": data.get("attempt", "?")}


def _cloud_id(data: dict[str, Any]) -> str:
    return _("as %(id)s") % {"id": data.get("cloud_id", "?")}


def _next_try(data: dict[str, Any]) -> str:
    return _("Nothing was created. Safepoint tries again after %(seconds)d s.") % {
        "seconds": data.get("seconds", 0)
    }


def _decided(data: dict[str, Any]) -> str:
    parts = [_("in the stead of %(person)s") % {"person": data["for"]} if data.get("for") else ""]
    if data.get("needed"):
        parts.append(_("%(given)s of %(needed)s approvals") % data)
    parts.append(f"“{data['comment']}”" if data.get("comment") else "")
    return ", ".join(part for part in parts if part)


def _why(data: dict[str, Any]) -> str:
    return str(data.get("why", ""))


def _broken(data: dict[str, Any]) -> str:
    return _("%(reason)s (%(change_ticket)s)") % data


def _looking(_data: dict[str, Any]) -> str:
    return _(
        "The cloud may have the backup or not. Safepoint looks in the cloud’s list before it does "
        "anything else, so that nothing is made twice."
    )


def _in_doubt(_data: dict[str, Any]) -> str:
    return _(
        "A call may have been made that this database does not know of, so Safepoint looks in the cloud’s "
        "list first."
    )


def _last_look(_data: dict[str, Any]) -> str:
    return _("Safepoint looks once more right before it sends.")


def _not_found(_data: dict[str, Any]) -> str:
    return _("The last look did not show it either, so the call is made once more.")


def _still_watched(_data: dict[str, Any]) -> str:
    return _("Safepoint goes on looking for 24 hours after the call; what arrives late is taken in.")


def _twins(data: dict[str, Any]) -> str:
    return _("also there: %(ids)s") % {"ids": ", ".join(str(data.get("detail", "")).split()) or "?"}


def _went_back(data: dict[str, Any]) -> str:
    return _("the cloud says “%(status)s” now") % {"status": data.get("detail", "")}


DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "approved": _decided,
    "rejected": _decided,
    "reviewed": _decided,
    "decision_refused": _why,
    "approval_void": _why,
    "glass_broken": _broken,
    "submitting": _attempt,
    "accepted": _cloud_id,
    "found": _cloud_id,
    "later": _next_try,
    "not_sent": _next_try,
    "sign_in_failed": _next_try,
    "no_clear_answer": _looking,
    "lease_ended": _looking,
    "in_doubt": _in_doubt,
    "send_again_decided": _last_look,
    "sent_again": _not_found,
    "closed": _still_watched,
    "alarm_duplicate": _twins,
    "alarm_went_back": _went_back,
}
