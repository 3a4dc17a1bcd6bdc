"""Break-glass: run at once, say why, be reviewed by another within a day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from backups.models import Backup, Event, Instance, Membership, Team, User
from backups.operations import audit, rights
from backups.operations.decisions import COMMENT_MAX
from backups.operations.refusals import Refused
from backups.queries import policies

REVIEW_WITHIN = timedelta(days=1)


class GlassRefused(Refused):
    """The glass stays whole, or the review was not taken."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How often a team may still break the glass this month, and whether the person may now."""

    team: Team
    left: int
    right: rights.Right


def quotas(user: User, *, at: datetime) -> list[Quota]:
    """The teams in which `user` was given the right and somebody has to agree, by name."""
    given = Membership.objects.filter(user=user, may_break_glass=True, team__four_eyes=True)
    teams = [row.team for row in given.select_related("team").order_by("team__name")]
    return [Quota(team, left(team, at=at), may_break(user, team, at=at)) for team in teams]


def objections(instances: Iterable[Instance], *, by: User, at: datetime) -> list[str]:
    """Why `by` may not have backups of `instances` run without the approvals that policies ask for."""
    asking = Counter(each.team for each in instances if policies.asks(policies.matching(each, at=at)))
    told = [may_break(by, team, at=at, times=times) for team, times in asking.items()]
    return [right.why_not for right in told if not right.is_allowed]


def may_break(user: User, team: Team, *, at: datetime, times: int = 1) -> rights.Right:
    """Whether `user` may have so many backups run without approval, and why not."""
    right = rights.may(user, "create_backup", team)
    if not right.is_allowed:
        return right
    if not Membership.objects.filter(user=user, team=team, may_break_glass=True).exists():
        return rights.Right(False, _("Your team has not given you the right to break the glass."))
    remaining = left(team, at=at)
    if remaining >= times:
        return rights.Right(True)
    if remaining == 0:
        told = _("%(team)s has broken the glass %(count)d times this month, as often as it may.")
        return rights.Right(False, told % {"team": team, "count": team.break_glass_per_month})
    told = _("%(team)s may break the glass %(left)d more times this month, and this would be %(times)d.")
    return rights.Right(False, told % {"team": team, "left": remaining, "times": times})


def left(team: Team, *, at: datetime) -> int:
    """How often `team` may still break the glass in this month of UTC."""
    begun = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    broken = Backup.objects.filter(team=team, is_break_glass=True, requested_at__gte=begun)[
        : team.break_glass_per_month
    ]
    return team.break_glass_per_month - len(broken.values_list("pk"))


def missing(reason: str, change_ticket: str) -> dict[str, list[str]]:
    """What break-glass asks to be said, by field."""
    told = {
        "reason": (reason, _("Breaking the glass needs a reason.")),
        "change_ticket": (change_ticket, _("Breaking the glass needs a ticket.")),
    }
    return {field: [why] for field, (typed, why) in told.items() if not typed.strip()}


def break_for(backup: Backup, *, by: User, at: datetime) -> None:
    """Let the unsaved `backup` run without approval; raises `GlassRefused`.

    The team's row is locked: the quota holds for two at once.
    """
    team = Team.objects.select_for_update(no_key=True).get(pk=backup.team_id)
    right = may_break(by, team, at=at)
    if not right.is_allowed:
        raise GlassRefused("no_right", right.why_not, "breaks_glass")
    backup.is_break_glass = True
    backup.review_by = at + REVIEW_WITHIN


def record(backup: Backup, *, at: datetime) -> None:
    """Write down that it runs without approval, and why."""
    data = {"reason": backup.reason, "change_ticket": backup.change_ticket, "policy": backup.policy_name}
    audit.record(
        "glass_broken", team_id=backup.team_id, at=at, by=backup.requested_by, backup=backup, data=data
    )


@audit.act
def review(backup: Backup, *, by: User, comment: str, at: datetime) -> None:
    """Another person has looked at what was done, and says so. Raises `rights.RightError`, `GlassRefused`."""
    right = may_review(by, backup)
    if not right.is_allowed:
        raise rights.RightError("no_right", right.why_not)
    if not backup.is_break_glass:
        raise GlassRefused("whole", _("No glass was broken for it: there is nothing to review."))
    if not comment.strip():
        raise GlassRefused("invalid", _("Say what you found."), "comment")
    if len(comment.strip()) > COMMENT_MAX:
        told = _("%(count)d characters; at most %(limit)d.")
        counted = {"count": len(comment.strip()), "limit": COMMENT_MAX}
        raise GlassRefused("invalid", told % counted, "comment")
    unreviewed = Backup.objects.filter(pk=backup.pk, is_break_glass=True, reviewed_at=None)
    if not unreviewed.update(reviewed_by=by, reviewed_at=at, review_comment=comment.strip()):
        raise GlassRefused("reviewed", _("Somebody else has reviewed it."))
    audit.record(
        "reviewed", team_id=backup.team_id, at=at, by=by, backup=backup, data={"comment": comment.strip()}
    )


@audit.act
def remind(backup_id: UUID, *, at: datetime) -> None:
    """Say once that the review is overdue."""
    backup = Backup.objects.select_for_update(no_key=True).get(pk=backup_id)
    if unreviewed(at=at).filter(pk=backup_id).exists():
        audit.record("review_due", team_id=backup.team_id, at=at, backup=backup)


def unreviewed(*, at: datetime) -> QuerySet[Backup]:
    """The backups whose review is overdue, and which nobody was told of yet."""
    told = Event.objects.filter(backup=OuterRef("pk"), verb="review_due")
    overdue = Backup.objects.filter(is_break_glass=True, reviewed_at=None, review_by__lte=at)
    return overdue.exclude(Exists(told))


def to_review(user: User) -> QuerySet[Backup]:
    """What `user` may review, the earliest due first: `may_review`, as one query."""
    teams = rights.teams_where(user, "review")
    broken = Backup.objects.filter(team__in=teams, is_break_glass=True, reviewed_at=None)
    return broken.exclude(requested_by=user).order_by("review_by", "id")


def may_review(user: User, backup: Backup) -> rights.Right:
    """Whether `user` may review `backup`: an approver or admin, never whoever asked for it."""
    if user == backup.requested_by:
        return rights.Right(False, _("You asked for this backup: another person must review it."))
    return rights.may(user, "review", backup.team)
