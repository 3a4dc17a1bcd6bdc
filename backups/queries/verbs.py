"""What was done, in words for a person: the timeline and the audit tell it alike."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups.models import Event, Membership, Policy, Project, Proposal, Role, Team, Weekday
from backups.queries import call_words, coverage_words

OF_BACKUPS: dict[str, tuple[Promise, str]] = {
    "requested": (gettext_lazy("Asked for"), "neutral"),
    "approved": (gettext_lazy("Approved"), "good"),
    "rejected": (gettext_lazy("Rejected"), "bad"),
    "decision_refused": (gettext_lazy("A decision was refused"), "bad"),
    "approval_void": (gettext_lazy("An approval is void"), "bad"),
    "reminded": (gettext_lazy("Half of the time to decide has passed"), "waiting"),
    "decision_needed": (gettext_lazy("A person must decide"), "waiting"),
    "review_due": (gettext_lazy("The review is overdue"), "bad"),
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
    "gone": (gettext_lazy("No longer in the cloud’s list"), "neutral"),
    "back": (gettext_lazy("In the cloud’s list again"), "neutral"),
    "renamed": (gettext_lazy("Renamed in the cloud"), "neutral"),
    "status_told": (gettext_lazy("The cloud says what became of it"), "neutral"),
    "merged": (gettext_lazy("It was a backup asked for here"), "neutral"),
    "alarm_duplicate": (gettext_lazy("Alarm: twice in the cloud"), "bad"),
    "alarm_went_back": (gettext_lazy("Alarm: changed after its end"), "bad"),
    "alarm_overdue": (gettext_lazy("Alarm: overdue"), "bad"),
    "alarm_seen": (gettext_lazy("Alarm seen"), "neutral"),
}

OF_TEAMS: dict[str, tuple[Promise, str]] = {
    "team_created": (gettext_lazy("Team made"), "neutral"),
    "team_changed": (gettext_lazy("Team settings changed"), "neutral"),
    "changed": (gettext_lazy("Rule changed"), "neutral"),
    "proposed": (gettext_lazy("Change proposed"), "waiting"),
    "proposal_agreed": (gettext_lazy("Change agreed to"), "good"),
    "proposal_refused": (gettext_lazy("Change refused"), "bad"),
    "proposal_withdrawn": (gettext_lazy("Proposal taken back"), "neutral"),
    "proposal_expired": (gettext_lazy("Proposal expired: no second admin agreed"), "bad"),
    "agreement_refused": (gettext_lazy("An agreement was refused"), "bad"),
    "deputy_appointed": (gettext_lazy("Deputy appointed"), "neutral"),
    "deputy_ended": (gettext_lazy("Deputy’s time ended early"), "neutral"),
    "channel_added": (gettext_lazy("Notification channel added"), "neutral"),
    "channel_changed": (gettext_lazy("Notification channel changed"), "neutral"),
    "channel_removed": (gettext_lazy("Notification channel removed"), "neutral"),
    "token_issued": (gettext_lazy("API token made"), "neutral"),
    "token_revoked": (gettext_lazy("API token revoked"), "neutral"),
    "key_pair_issued": (gettext_lazy("Key pair made"), "neutral"),
    "key_pair_revoked": (gettext_lazy("Key pair revoked"), "neutral"),
    "delivery_replayed": (gettext_lazy("Notification sent again"), "neutral"),
    "targets_changed": (gettext_lazy("RPO targets changed"), "neutral"),
    "coverage_lost": (gettext_lazy("Coverage lost"), "bad"),
    "coverage_at_risk": (gettext_lazy("Coverage at risk"), "waiting"),
    "coverage_restored": (gettext_lazy("Coverage restored"), "good"),
    "project_created": (gettext_lazy("Project entered"), "neutral"),
    "project_changed": (gettext_lazy("Project changed"), "neutral"),
    "sync_requested": (gettext_lazy("Asked to read the project anew"), "neutral"),
    "connection_tested": (gettext_lazy("Connection tested"), "neutral"),
    "history_read": (gettext_lazy("All backups of the project were read"), "good"),
    "instance_entered": (gettext_lazy("Instance entered before the cloud showed it"), "neutral"),
    "instance_renamed": (gettext_lazy("Instance renamed in the cloud"), "neutral"),
    "instance_gone": (gettext_lazy("Instance no longer in the cloud"), "bad"),
    "instance_back": (gettext_lazy("Instance in the cloud again"), "neutral"),
}

TITLES: dict[str, tuple[Promise, str]] = OF_BACKUPS | OF_TEAMS
"""Each verb in words, and its tone: good, bad, waiting or neutral."""


def title(verb: str) -> str:
    """What was done, in words."""
    return str(TITLES[verb][0]) if verb in TITLES else verb


def tone(verb: str) -> str:
    """Whether it is good, bad, waiting or neutral."""
    return TITLES[verb][1] if verb in TITLES else "neutral"


def detail(event: Event) -> str:
    """What is to be said of the event beyond its title; data of a form that is not ours as they are."""
    describe = DETAILS.get(event.verb)
    try:
        return describe(event.data) if describe else ""
    except (AttributeError, KeyError, TypeError, ValueError):
        return json.dumps(event.data, ensure_ascii=False)


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


def _tested(data: dict[str, Any]) -> str:
    failed_at = str(data.get("failed_at", ""))
    return _("failed at “%(step)s”") % {"step": failed_at.replace("_", " ")} if failed_at else _("it works")


def _stands_in(data: dict[str, Any]) -> str:
    span = {
        name: f"{localtime(datetime.fromisoformat(data[name])):%Y-%m-%d %H:%M %z}"
        for name in ("from", "until")
    }
    return _("%(deputy)s in the stead of %(absent)s, from %(from)s until %(until)s") % (data | span)


def _from_to(data: dict[str, Any]) -> str:
    return ", ".join(
        f"{_name(name)}: {_value(name, old)} → {_value(name, new)}" for name, (old, new) in data.items()
    )


def change(kind: str, wanted: dict[str, Any]) -> str:
    """What a change of the rules would do, or did; nothing where its kind says it all."""
    return CHANGES.get(kind, _listed)(wanted)


def _change(data: dict[str, Any]) -> str:
    kind = data.get("kind", "")
    known = dict(Proposal.Kind.choices)
    parts = [change(kind, data.get("change") or {}), _proposer(data), _why(data), _decided(data)]
    told = "; ".join(part for part in parts if part)
    return f"{known.get(kind, kind)}: {told}" if told else str(known.get(kind, kind))


def _member(change: dict[str, Any]) -> str:
    if "username" not in change:
        return _listed(change)
    despite = _(", although nobody could then satisfy a policy") if change.get("despite") else ""
    if not change.get("roles"):
        return _("%(username)s leaves the team") % change + despite
    roles = ", ".join(str(dict(Role.choices).get(role, role)) for role in change["roles"])
    told = f"{change['username']}: {roles}"
    glass = _(", may break the glass") if change.get("may_break_glass") else ""
    return told + glass + despite


def _instance(change: dict[str, Any]) -> str:
    told = {"environment": change["environment"] or _("none"), "labels": change["labels"] or [_("none")]}
    return f"{change['name']}: {_listed(told)}"


def _quota(change: dict[str, Any]) -> str:
    return _("%(count)s a month") % change if "count" in change else ""


def _proposer(data: dict[str, Any]) -> str:
    return _("proposed by %(proposed_by)s") % data if data.get("proposed_by") else ""


def _listed(data: dict[str, Any]) -> str:
    told = {name: value for name, value in data.items() if value not in (None, "", [])}
    return ", ".join(f"{_name(name)}: {_value(name, value)}" for name, value in told.items())


def _name(name: str) -> str:
    """What a page calls the field `name` of a rule."""
    for model in (Team, Policy, Project, Membership):
        with suppress(FieldDoesNotExist):
            field = model._meta.get_field(name)
            return str(field.verbose_name) if isinstance(field, Field) else name
    return name


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        days = dict(Weekday.choices) if name == "weekdays" else {}
        return ", ".join(str(days.get(item, item)) for item in value)
    return str(value)


CHANGES: dict[str, Callable[[dict[str, Any]], str]] = {
    Proposal.Kind.MEMBER: _member,
    Proposal.Kind.BREAK_GLASS: _quota,
    Proposal.Kind.INSTANCE: _instance,
}
"""Changes of the rules that are told in words of their own."""

DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "approved": _decided,
    "rejected": _decided,
    "reviewed": _decided,
    "decision_refused": _why,
    "approval_void": _why,
    "glass_broken": _broken,
    "submitting": call_words.attempt,
    "accepted": call_words.cloud_id,
    "found": call_words.cloud_id,
    "later": call_words.next_try,
    "not_sent": call_words.next_try,
    "sign_in_failed": call_words.next_try,
    "no_clear_answer": call_words.looking,
    "lease_ended": call_words.looking,
    "in_doubt": call_words.in_doubt,
    "send_again_decided": call_words.last_look,
    "sent_again": call_words.not_found,
    "closed": call_words.still_watched,
    "alarm_duplicate": call_words.twins,
    "alarm_went_back": call_words.went_back,
    "team_created": _listed,
    "team_changed": _from_to,
    "changed": _change,
    "proposed": _change,
    "proposal_agreed": _change,
    "proposal_refused": _change,
    "proposal_withdrawn": _change,
    "proposal_expired": _change,
    "agreement_refused": _change,
    "deputy_appointed": _stands_in,
    "deputy_ended": _stands_in,
    "channel_added": _listed,
    "channel_changed": _listed,
    "channel_removed": _listed,
    "token_issued": _listed,
    "token_revoked": _listed,
    "key_pair_issued": _listed,
    "key_pair_revoked": _listed,
    "delivery_replayed": _listed,
    "targets_changed": coverage_words.targets,
    "coverage_lost": coverage_words.instances,
    "coverage_at_risk": coverage_words.instances,
    "coverage_restored": coverage_words.instances,
    "project_created": _listed,
    "project_changed": _listed,
    "connection_tested": _tested,
    "renamed": _from_to,
    "status_told": call_words.went_back,
    "history_read": _listed,
    "instance_entered": _listed,
    "instance_renamed": lambda data: _from_to({"name": data["name"]}),
}
