"""Whom an occasion concerns, by name: what an e-mail channel without an address reaches."""

from collections.abc import Iterable
from datetime import datetime

from backups.models import Membership, Notice, Occasion, Role, User
from backups.queries import approvers

TO_WHOM_IT_WAITS = (Occasion.ASKED, Occasion.REMINDER)
TO_THOSE_WHO_ANSWER = (Occasion.BREAK_GLASS, Occasion.REVIEW_DUE)


def of(notice: Notice, *, at: datetime) -> list[User]:
    """The active members of the team whom `notice` concerns and who have an e-mail address.

    A request: whoever could decide it right now. Broken glass: every admin and approver. A proposal: the
    admins but who proposed it. Coverage: the admins and whoever can ask for a backup. Otherwise who asked for
    the backup, and where a person must decide the admins.
    """
    members = {row.user_id: row for row in approvers.active_members(notice.team)}
    wanted = dict.fromkeys(_concerned(notice, members.values(), at=at))
    return [members[pk].user for pk in wanted if pk in members and members[pk].user.email]


def _concerned(notice: Notice, members: Iterable[Membership], *, at: datetime) -> list[int]:
    backup = notice.backup
    admins = [row.user_id for row in members if Role.ADMIN in row.roles]
    if notice.occasion == Occasion.PROPOSAL:
        return [pk for pk in admins if notice.event is None or pk != notice.event.actor_id]
    if notice.occasion == Occasion.COVERAGE:
        return admins + [row.user_id for row in members if Role.REQUESTER in row.roles]
    if notice.occasion in TO_THOSE_WHO_ANSWER:
        return admins + [row.user_id for row in members if Role.APPROVER in row.roles]
    if backup is None:
        return []
    if notice.occasion in TO_WHOM_IT_WAITS:
        return [voice.person.pk for voice in approvers.open_voices(backup, at=at)]
    requester = [backup.requested_by_id] if backup.requested_by_id else []
    return requester + (admins if notice.occasion == Occasion.NEEDS_DECISION else [])
