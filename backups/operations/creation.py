"""Asking for a backup: what was typed, what is wrong with it, and the row that comes of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from backups.contract import fields, statuses
from backups.contract.violations import Violation
from backups.models import Backup, Instance, Source, Status, User
from backups.models.states import LIVE, values
from backups.operations import audit, content, glass, rights, transitions, turns, wake
from backups.operations.refusals import Refused
from backups.queries import policies

Problems = dict[str, list[str]]

REASON_MAX = 500
CHANGE_TICKET_MAX = 64
INSTANCE_PLACEHOLDER = "{instance}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A backup as a person typed it; nothing of it is stored yet."""

    instance: Instance
    name: str
    description: str = ""
    reason: str = ""
    change_ticket: str = ""
    breaks_glass: bool = False


class DraftsRefused(Refused):
    """At least one draft has a problem; nothing was created. `problems` has one entry per draft."""

    def __init__(self, problems: list[Problems]) -> None:
        first = next(messages[0] for problem in problems for messages in problem.values())
        super().__init__("invalid", first)
        self.problems = problems


class TooLateError(Refused):
    """The backup has left the queue."""


def check(draft: Draft, *, by: User) -> Problems:
    """What is wrong with `draft`, by field, in words for a person; empty when it may be created."""
    problems = check_words(
        name=draft.name,
        description=draft.description,
        reason=draft.reason,
        change_ticket=draft.change_ticket,
        allow_chinese=draft.instance.project.allows_chinese_names,
    )
    instance = [
        rights.may(by, "create_backup", draft.instance.team).why_not,
        _instance_problem(draft.instance),
    ]
    taken = "" if "name" in problems else _name_taken(draft)
    found = _only_found({"instance": instance, "name": [taken]}) | problems
    return found | (glass.missing(draft.reason, draft.change_ticket) if draft.breaks_glass else {})


def check_words(
    *, name: str, description: str, reason: str, change_ticket: str, allow_chinese: bool = False
) -> Problems:
    """What is wrong with what was typed, whatever the instance."""
    return _only_found(
        {
            "name": [_rule(fields.check_name, name, allow_chinese=allow_chinese)],
            "description": [_rule(fields.check_description, description)],
            "reason": [_too_long(reason, REASON_MAX)],
            "change_ticket": [_too_long(change_ticket, CHANGE_TICKET_MAX)],
        }
    )


@audit.act
def create_backups(drafts: Sequence[Draft], *, by: User, at: datetime, client_token: UUID) -> list[Backup]:
    """Create a backup of each draft, all or none: queued, or awaiting approval where a policy asks for it.

    The same token from the same person gives back the same rows, so a double click, a reload or a
    second tab makes nothing twice. Raises `DraftsRefused` with the problems of every draft, and
    `glass.GlassRefused` where one breaks the glass that must stay whole.
    """
    ids = sorted(draft.instance.pk for draft in drafts)
    locked = Instance.objects.select_for_update(of=("self",), no_key=True).select_related("project", "team")
    instances = {row.pk: row for row in locked.filter(pk__in=ids).order_by("pk")}
    drafts = [replace(draft, instance=instances[draft.instance.pk]) for draft in drafts]
    if earlier := made_before(by=by, client_token=client_token):
        return earlier
    problems = [check(draft, by=by) for draft in drafts]
    if any(problems):
        raise DraftsRefused(problems)
    return [_create(draft, by=by, at=at, client_token=client_token) for draft in drafts]


def made_before(*, by: User, client_token: UUID) -> list[Backup]:
    """The backups that `by` asked for with this token already."""
    made = Backup.objects.filter(requested_by=by, client_token=client_token)
    return list(made.select_related("instance").order_by("id"))


@audit.act
def cancel(backup: Backup, *, by: User, at: datetime) -> None:
    """Take back a backup that was not sent yet.

    A requester may, and whoever asked for it. Raises `rights.RightError`, or `TooLateError` when a worker has
    it already.
    """
    rights.require(by, "create_backup", backup.team)
    try:
        transitions.move(backup, Status.CANCELLED, verb="cancelled", at=at, by=by)
    except (transitions.ArrowError, transitions.StaleError) as error:
        raise TooLateError("too_late", _("It is too late to cancel: the call has been made.")) from error
    turns.pass_on(backup.instance, at=at)


def proposed_pattern(at: datetime) -> str:
    """The name that the form begins with: the instance, and the minute in the zone of `at`."""
    return f"{INSTANCE_PLACEHOLDER}-{at:%Y%m%d-%H%M}"


def name_for(pattern: str, instance: Instance | None) -> str:
    """`pattern` with the instance's name, spelled so that it may stand in a backup's name."""
    name = instance.name if instance else ""
    word = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
    return pattern.replace(INSTANCE_PLACEHOLDER, word or "instance")


def request_preview(draft: Draft) -> dict[str, Any]:
    """The exact call that will be made for `draft` (contract.md, "Create a manual backup")."""
    return content.request_of(draft.instance, name=draft.name, description=draft.description)


def _create(draft: Draft, *, by: User, at: datetime, client_token: UUID) -> Backup:
    policy = policies.matching(draft.instance, at=at)
    backup = Backup(
        team=draft.instance.team,
        instance=draft.instance,
        name=draft.name,
        description=draft.description,
        reason=draft.reason,
        change_ticket=draft.change_ticket,
        source=Source.HERE,
        status=Status.QUEUED,
        requested_by=by,
        requested_at=at,
        client_token=client_token,
        next_action_at=at,
        policy_name=policy.name if policy else "",
    )
    backup.content_hash = content.hash_of(backup)
    if not policies.asks(policy):
        return _begin(backup, at=at)
    if draft.breaks_glass:
        glass.break_for(backup, by=by, at=at)
        return _begin(backup, at=at)
    backup.status = Status.AWAITING_APPROVAL
    backup.approvals_needed = policy.approvals
    backup.approve_by = at + timedelta(hours=policy.approve_by_hours)
    backup.run_by_hours = policy.run_by_hours
    # The first step is a reminder at half time.
    backup.next_action_at = at + timedelta(hours=policy.approve_by_hours) / 2
    backup.save(force_insert=True)
    transitions.record_request(backup, at=at, by=by)
    return backup


def _begin(backup: Backup, *, at: datetime) -> Backup:
    backup.save(force_insert=True)
    transitions.record_request(backup, at=at, by=backup.requested_by)
    if backup.is_break_glass:
        glass.record(backup, at=at)
    wake.submit(backup.pk)
    return backup


def _only_found(problems: Problems) -> Problems:
    found = {field: [text for text in texts if text] for field, texts in problems.items()}
    return {field: texts for field, texts in found.items() if texts}


def _rule(check_field: Any, value: str, **options: Any) -> str:
    try:
        check_field(value, **options)
    except Violation as violation:
        return _(violation.template) % violation.params
    return ""


def _instance_problem(instance: Instance) -> str:
    if instance.gone_at:
        return _("%(name)s is no longer in the cloud.") % {"name": instance.name}
    if instance.is_awaited:
        return _("The cloud’s list has not shown %(name)s yet. Sync its project.") % {"name": instance.name}
    if not statuses.instance_is_available(instance.status):
        return _(
            "%(name)s is “%(status)s” in the cloud, which takes no backup of it in that state. "
            "Sync the project once it is back to normal."
        ) % {"name": instance.name, "status": instance.status}
    return ""


def _name_taken(draft: Draft) -> str:
    namesakes = Backup.objects.filter(instance=draft.instance, name=draft.name)
    # One that was closed may still turn up in the cloud, and is looked for by its name.
    taken = Q(status__in=values(LIVE)) | Q(next_watch_at__isnull=False)
    if not namesakes.filter(taken).exists():
        return ""
    return _("%(instance)s already has a backup named “%(name)s”.") % {
        "instance": draft.instance.name,
        "name": draft.name,
    }


def _too_long(text: str, limit: int) -> str:
    if len(text) <= limit:
        return ""
    return _("%(count)d characters; at most %(limit)d.") % {"count": len(text), "limit": limit}
