"""What a notice says, in words and as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from backups.models import Backup, Notice, Occasion, User
from backups.queries import coverage_words, verbs


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` ends with the link; `data` is what a program reads."""

    subject: str
    text: str
    link: str
    data: dict[str, Any]


def letter(notice: Notice, *, reader: User | None = None) -> Letter:
    """The words of `notice`, times in the reader's zone or in UTC; the link never does anything by itself."""
    zone = ZoneInfo(reader.time_zone) if reader and reader.time_zone else UTC
    link = settings.SITE_URL + _path(notice)
    lines = [_opening(notice), "", *_facts(notice, zone), "", link]
    return Letter(
        subject=f"[{notice.team}] {_subject(notice)}",
        text="\n".join(lines),
        link=link,
        data=_data(notice, link),
    )


def _subject(notice: Notice) -> str:
    backup = notice.backup
    if backup is None:
        return _opening(notice)
    return f"{title(notice)}: {backup.name} ({backup.instance})"


def title(notice: Notice) -> str:
    """What it tells of, in few words."""
    if notice.event is None and not notice.occasion:
        return _("Test")
    if notice.event is None or notice.occasion in (Occasion.ASKED, Occasion.REMINDER):
        return str(notice.get_occasion_display())
    return verbs.title(notice.event.verb)


def _opening(notice: Notice) -> str:
    if notice.event is None:
        return _("A test of this channel, asked for in the settings of the team.")
    if notice.occasion == Occasion.COVERAGE:
        return coverage_words.opening(notice.event)
    opening = {
        Occasion.ASKED: _("A backup waits for your decision. Nothing runs before it."),
        Occasion.REMINDER: _(
            "Half of the time to decide has passed. Without a decision the request expires."
        ),
        Occasion.NEEDS_DECISION: _("Safepoint cannot go on without a person here."),
        Occasion.BREAK_GLASS: _(
            "A backup runs without approval. Another person must review it within a day."
        ),
        Occasion.REVIEW_DUE: _("A backup that ran without approval has not been reviewed within a day."),
        Occasion.PROPOSAL: _("A change of the team’s rules waits for a second admin."),
    }.get(Occasion(notice.occasion))
    return opening or f"{verbs.title(notice.event.verb)}."


def _facts(notice: Notice, zone: tzinfo) -> Iterator[str]:
    if notice.backup:
        yield from _of_backup(notice.backup, zone)
    event = notice.event
    if event is None:
        return
    if event.actor:
        yield _("By: %(person)s") % {"person": event.actor.display_name}
    if detail := verbs.detail(event):
        yield detail
    if notice.backup and notice.occasion == Occasion.FAILED:
        yield from filter(None, (notice.backup.error_message, notice.backup.error_remedy))
    yield _("At: %(time)s") % {"time": _time(event.at, zone)}


def _of_backup(backup: Backup, zone: tzinfo) -> Iterator[str]:
    yield _("Backup: %(name)s") % {"name": backup.name}
    yield _("Instance: %(instance)s in %(project)s") % {
        "instance": backup.instance,
        "project": backup.instance.project,
    }
    if backup.requested_by:
        yield _("Asked for by: %(person)s") % {"person": backup.requested_by.display_name}
    if backup.reason:
        yield _("Reason: %(reason)s") % {"reason": backup.reason}
    if backup.change_ticket:
        yield _("Ticket: %(ticket)s") % {"ticket": backup.change_ticket}
    if backup.policy_name:
        yield _("Policy: %(policy)s") % {"policy": backup.policy_name}
    if backup.approve_by:
        yield _("Decide by: %(time)s") % {"time": _time(backup.approve_by, zone)}


def _time(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.isoformat()[-6:]}"


def _path(notice: Notice) -> str:
    backup = notice.backup
    if notice.occasion == Occasion.COVERAGE:
        return f"{reverse('coverage')}?team={notice.team.slug}"
    if backup is None:
        page = "team-proposals" if notice.occasion == Occasion.PROPOSAL else "team-channels"
        return reverse(page, args=[notice.team.slug])
    is_to_decide = notice.occasion in (Occasion.ASKED, Occasion.REMINDER)
    return reverse("approval-detail" if is_to_decide else "backup-detail", args=[backup.pk])


def _data(notice: Notice, link: str) -> dict[str, Any]:
    event, backup = notice.event, notice.backup
    return {
        "type": f"backup.{notice.occasion}" if backup else notice.occasion or "test",
        "timestamp": notice.at.astimezone(UTC).isoformat(),
        "team": notice.team.slug,
        "link": link,
        "event": event and {
            "number": event.number,
            "verb": event.verb,
            "from_status": event.from_status,
            "to_status": event.to_status,
            "by": event.actor.get_username() if event.actor else None,
        },
        "instances": event.data["instances"] if event and notice.occasion == Occasion.COVERAGE else None,
        "backup": backup and {
            "id": str(backup.pk),
            "name": backup.name,
            "status": event.to_status or backup.status if event else backup.status,
            "instance": backup.instance.cloud_id,
            "instance_name": backup.instance.name,
            "project": backup.instance.project.name,
            "project_id": backup.instance.project.project_id,
            "requested_by": backup.requested_by.get_username() if backup.requested_by else None,
            "cloud_id": backup.cloud_id,
        },
    }  # fmt: skip
